import Testing

/// Tests against Python's `websockets`, another implementation of RFC 6455 and RFC 7692.
@Suite(.servesShowcase) struct PythonTests {
    private func run(_ script: String) async throws {
        try await Peer.python("python/\(script).py", ShowcaseServer.ofSuite().host)
    }

    @Test func `Python's text, binary, empty and fragmented messages are echoed (RFC 6455 §5.4, §5.6)`() async throws {
        try await run("echo")
    }

    @Test func `permessage-deflate works with and without context takeover (RFC 7692 §7.1)`() async throws {
        try await run("compression")
    }

    @Test func `Python's pings and closes are answered (RFC 6455 §5.5, §7.4)`() async throws {
        try await run("closing")
    }

    @Test func `Python's contacts are stored, or answered with an error`() async throws {
        try await run("contacts")
    }

    @Test func `an invalid handshake gets the right status (RFC 6455 §4.2.2, §4.4, §10.2)`() async throws {
        try await run("handshake")
    }

    @Test func `a message in the same segment as the handshake is answered (RFC 6455 §4.1)`() async throws {
        try await run("eager")
    }

    @Test func `200 Python clients connect, exchange messages and disconnect`() async throws {
        try await run("crowd")
    }

    @Test func `500 WebSockets are held and replaced, and all descriptors are released`() async throws {
        // The test counts descriptors, so it needs its own server.
        try await ShowcaseServer.run { server in
            let soak = Checkout.file("Benchmarks/load/soak.py")
            try await Peer.run(
                Checkout.python, ["-B", soak, "\(server.port)", "\(server.process)", "--connections", "500"])
        }
    }
}
