import Testing

/// Chromium without a window, led over the DevTools protocol. One after the other: a browser is a lot for two cores.
@Suite(.servesShowcase, .serialized) struct BrowserTests {
    private func run(_ script: String) async throws {
        try await Peer.python("browser/\(script).py", ShowcaseServer.ofSuite().host)
    }

    @Test func `the echo page sends, shows the echo, loses its connection and reconnects`() async throws {
        try await run("echo_page")
    }

    @Test func `the JSON page sends the seeded record and shows what is wrong with others`() async throws {
        try await run("json_page")
    }

    @Test func `the chat page shows several windows who is here, who writes and what is said`() async throws {
        try await run("chat_page")
    }

    @Test func `without JavaScript the lobby says what is wrong, and lets in who corrects it`() async throws {
        try await run("lobby_page")
    }

    @Test func `the live page shows several windows one table, whoever edits it`() async throws {
        try await run("live_page")
    }

    @Test func `the browser scripts of well-known Channels tutorials work as they are`() async throws {
        try await run("tutorials")
    }
}
