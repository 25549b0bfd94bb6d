import Testing

/// Tests against Node.js with `ws`, the WebSocket implementation of many servers and tools.
@Suite(.servesShowcase) struct NodeTests {
    @Test(arguments: [true, false])
    func `Node's messages, fragments, pings and closes are answered (RFC 6455 §5.4, §5.5)`(
        deflates: Bool
    ) async throws {
        // Node does not search Debian's module folders by default.
        try await Peer.run(
            "node", [Checkout.peer("node/echo.js"), ShowcaseServer.ofSuite().host, deflates ? "deflate" : "plain"],
            environment: ["NODE_PATH": "/usr/share/nodejs:/usr/lib/nodejs"])
    }
}
