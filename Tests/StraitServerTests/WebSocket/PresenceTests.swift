import FoundationEssentials
import StraitConsumers
import StraitCore
import StraitHTTP
import StraitJSON
import StraitLayers
import StraitRouting
import StraitTesting
import StraitWebSocket
import Testing

/// Is tracked under its name and follows the presence. Updates its metadata when its client asks.
private final class Guest: WebSocketConsumer {
    static let people = Presence<Int>("room", exactUpTo: 8)

    override func connect() async throws {
        accept()
        try await track(Self.people, as: scope.query["name"] ?? "", 0)
        try await follow(Self.people)
    }

    override func receive(text: String) async throws { try await update(Self.people, Int(text) ?? 0) }
}

@Suite struct PresenceOnTheWire {
    /// The presence list that a client builds from its messages.
    private func list(_ socket: MemoryWebSocket) throws -> PresenceList<Int> {
        var list = PresenceList<Int>()
        for case .message(let message) in socket.frames {
            let change = try JSONCoder.messages.decode(PresenceChange<Int>.self, from: message.payload)
            list.apply(change)
        }
        return list
    }

    /// Guests join, leave and lose their connections on three loops, over a network that cuts, delays and fails.
    /// Their number crosses the exact limit in both directions.
    @Test(arguments: Seeds(20))
    func `all remaining members end with the true presence list after random changes`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let layers = ChannelLayers()
        let server = MemoryServer(
            try URLRouter { path("ws/", Guest()) }, services: layers, network: .rough(seed: seed),
            clock: ManualClock(loops: 3))
        var sockets: [MemoryWebSocket] = []
        for _ in 0..<60 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let name = Int.random(in: 0..<12, using: &random)
                sockets.append(
                    try await server.webSocket("/ws/?name=\(name)", compresses: Bool.random(using: &random)))
            case 5..<7:
                await sockets.randomElement(using: &random)?.send(text: "\(Int.random(in: 0..<3, using: &random))")
            case 7: await sockets.randomElement(using: &random)?.close()
            case 8: await sockets.randomElement(using: &random)?.abort()
            default: await server.clock.advance(by: .milliseconds(Int.random(in: 0..<2000, using: &random)))
            }
        }
        // Silent clients are lost when pings go unanswered. All data in transit arrives.
        await server.clock.advance(by: .seconds(300))
        for socket in sockets { await socket.ping() }
        await server.clock.advance(by: .seconds(5))
        let truth = try await layers.presenceList(Guest.people)
        var stayed = 0
        // A client that gets a pong is present. A client cannot know that its connection was lost silently.
        for socket in sockets where socket.frames.contains(where: { if case .pong = $0 { true } else { false } }) {
            let list = try list(socket)
            #expect(list.count == truth.count && list.isExact == truth.isExact, "seed \(seed)")
            if truth.isExact { #expect(list == truth, "seed \(seed)") }
            stayed += 1
        }
        #expect(stayed >= truth.count, "seed \(seed)")
        await server.stop()
        #expect(try await layers.presenceCount(Guest.people) == 0, "seed \(seed)")
    }

    @Test func `a presence change is framed once for all consumers that only forward it`() async throws {
        let layers = ChannelLayers()
        let server = MemoryServer(try URLRouter { path("ws/", Guest()) }, services: layers)
        let ann = try await server.webSocket("/ws/?name=Ann")
        let bob = try await server.webSocket("/ws/?name=Bob")
        await bob.send(text: "7")
        let update = #"{"type":"presence.diff","joins":{},"leaves":{},"updates":{"Bob":7},"count":2}"#
        #expect(ann.frames.last == .message(Message(text: update)) && bob.frames.last == ann.frames.last)
        await bob.close()
        let left = #"{"type":"presence.diff","joins":{},"leaves":{"Bob":7},"updates":{},"count":1}"#
        #expect(ann.frames.last == .message(Message(text: left)))
        await server.stop()
    }
}
