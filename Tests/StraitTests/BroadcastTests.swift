import Strait
import StraitTesting
import Testing

@testable import showcase

@Suite struct BroadcastTests {
    private let layers = ChannelLayers()

    private func socket(_ group: String) async throws -> WebSocketCommunicator {
        let socket = WebSocketCommunicator(
            try Showcase.application(isMeasured: true), "/ws/broadcast/\(group)/", services: layers)
        #expect(try await socket.connect().isAccepted)
        return socket
    }

    @Test func `a message reaches its group unchanged, including its sender, and no other group`() async throws {
        let (first, second, other) = try await (socket("one"), socket("one"), socket("two"))
        try await first.send(text: "{ not JSON")
        try await first.send(bytes: [0, 255])
        for socket in [first, second] {
            #expect(try await socket.receiveText() == "{ not JSON")
            #expect(try await socket.receiveBytes() == [0, 255])
        }
        try await other.send(text: "two")
        #expect(try await other.receiveText() == "two")
    }
}
