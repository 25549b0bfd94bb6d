import Testing

/// Python's `websockets`: another implementation of RFC 6455 and RFC 7692.
@Suite(.servesShowcase) struct PythonTests {
    private func run(_ script: String) async throws {
        try await Peer.python("python/\(script).py", ShowcaseServer.ofSuite().host)
    }

    @Test func `text, binary, empty and fragmented messages come back to Python (RFC 6455 §5.4, §5.6)`() async throws {
        try await run("echo")
    }

    @Test func `Python agrees on permessage-deflate with and without context takeover (RFC 7692 §7.1)`() async throws {
        try await run("compression")
    }

    @Test func `Python's pings are answered and its closes returned (RFC 6455 §5.5, §7.4)`() async throws {
        try await run("closing")
    }

    @Test func `contacts that Python sends are stored or said to be invalid`() async throws {
        try await run("contacts")
    }

    @Test func `a handshake is refused with the status that says why (RFC 6455 §4.2.2, §4.4, §10.2)`() async throws {
        try await run("handshake")
    }

    @Test func `a message in one piece with the handshake is answered (RFC 6455 §4.1)`() async throws {
        try await run("eager")
    }

    @Test func `200 Python clients come, talk and go`() async throws {
        try await run("crowd")
    }

    @Test func `500 sockets are held and churned, and every descriptor comes back`() async throws {
        // A server of its own: its descriptors are counted.
        try await ShowcaseServer.run { server in
            let soak = Checkout.file("Benchmarks/load/soak.py")
            try await Peer.run(
                Checkout.python, ["-B", soak, "\(server.port)", "\(server.process)", "--connections", "500"])
        }
    }
}
