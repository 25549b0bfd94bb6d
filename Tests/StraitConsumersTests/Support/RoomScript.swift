import StraitConsumers
import StraitCore
import StraitLayers
import StraitTesting
import StraitWebSocket
import Testing

/// The events of the tests' groups.
enum RoomEvent: Codable, Sendable, Hashable {
    case said(text: String)
    case price(symbol: String, value: Int)
}

struct JobDone: ChannelMessage {
    static let type = "job.done"
    var id: Int
}

/// A consumer whose class declares its groups.
final class ClassMember: WebSocketConsumer {
    var journal = Journal()
    override var groups: [String] { ["chat"] }

    override func connect() async throws {
        journal.note("connect")
        on(JobDone.self) { socket, job in socket.journal.note("job \(job.id)") }
        on("chat.message") { socket, message in socket.journal.note("chat \(message["text"]?.string ?? "")") }
        accept()
    }

    override func receive(_ message: Message) async throws {
        journal.note("receive \(message.text ?? "\(message.payload)")")
    }

    override func disconnect(_ close: Close) async throws { journal.note("disconnect") }
}

/// Scripts of consumers in groups.
enum RoomScript {
    static let room = Group<RoomEvent>("room")

    static func member(_ layers: ChannelLayers = ChannelLayers()) async -> ConsumerScript {
        await ConsumerScript(layers: layers) { journal in
            let member = ClassMember()
            member.journal = journal
            return member
        }
    }

    /// Starts a consumer that forwards the events of a group.
    static func forwarder(
        _ group: Group<RoomEvent> = Self.room, limits: ConsumerLimits = ConsumerLimits(),
        clock: ManualClock = ManualClock(),
        layers: ChannelLayers = ChannelLayers()
    ) async -> ConsumerScript {
        let script = await ConsumerScript(limits: limits, layers: layers, clock: clock) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(group)
                consumer.accept()
            }
        }
        await script.begin()
        return script
    }

    static func memberCount(_ script: ConsumerScript, _ group: String) throws -> Int {
        try #require(script.layers["default"] as? InMemoryChannelLayer).groups.memberCount(of: group)
    }

    /// Returns limits with room for `events` prices.
    static func limits(events: Int) -> ConsumerLimits {
        var limits = ConsumerLimits()
        let price = try? LayerMessage(encoding: RoomEvent.price(symbol: "AA", value: 1))
        limits.events = events * (128 + (price?.cost ?? 0))
        return limits
    }

    /// Makes the peer receive nothing until the transport is drained.
    static func fallBehind(_ script: ConsumerScript) async {
        _ = await script.onSession { _, transport in
            transport.isBehind = true
            transport.isDrained = false
        }
    }
}
