import Testing

/// Headless Chromium, controlled over the DevTools protocol. The tests run one at a time, because each browser needs
/// much of a two-core machine.
@Suite(.servesShowcase, .serialized) struct BrowserTests {
    private func run(_ script: String) async throws {
        try await Peer.python("browser/\(script).py", ShowcaseServer.ofSuite().host)
    }

    @Test func `the echo page sends, shows the echo, loses its connection and reconnects`() async throws {
        try await run("echo_page")
    }

    @Test func `the JSON page sends the seeded record and shows the errors of invalid ones`() async throws {
        try await run("json_page")
    }

    @Test func `the chat page shows members, typing and messages in several windows`() async throws {
        try await run("chat_page")
    }

    @Test func `without JavaScript, the lobby shows errors and accepts the corrected form`() async throws {
        try await run("lobby_page")
    }

    @Test func `the live page shows the same table in several windows, whoever edits it`() async throws {
        try await run("live_page")
    }

    @Test func `browser scripts of well-known Channels tutorials work unchanged`() async throws {
        try await run("tutorials")
    }
}
