import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// Joins and leaves the room when its client asks, and confirms it.
private final class Visitor: WebSocketConsumer {
    static let room = Group<Message>("room", whenBehind: .dropOldest)

    override func receive(text: String) async throws {
        if text == "join" {
            try await join(Self.room)
        } else {
            try await leave(Self.room)
        }
        send(text: text)
    }
}

@Suite struct GroupChurn {
    private static let members = 200
    private static let senders = 4
    private static let sent = 200

    /// Members join and leave on three loops while four senders send. Between a join and a leave, each member gets
    /// exactly the messages of a permanent member, in the same order. One member never reads: messages dropped for it
    /// are counted.
    @Test(.timeLimit(.minutes(20)), arguments: Seeds(1))
    func
        `members of a changing group get all messages in one order, and one that never reads delays no other`(
            seed: UInt64
        ) async throws
    {
        let script = ServerScript(loops: 3)
        script.serve(try URLRouter { path("ws/", Visitor()) }) {
            $0.sendSoftLimit = 16_000
            $0.consumers.events = 16_000
        }
        var sockets: [Socket] = []
        for number in 0..<Self.members {
            // Little data is in transit to the member that does not read.
            let capacity = number == 1 ? 1000 : NetworkConditions().capacity
            sockets.append(
                await Socket.open(script, conditions: NetworkConditions(capacity: capacity), on: number % 3))
        }
        let (witness, slow) = (sockets[0], sockets[1])
        await witness.send("join")
        await slow.send("join")
        await slow.client.pauseReading()
        let others = sockets.dropFirst(2)

        let layers = script.layers
        await withTaskGroup { tasks in
            for sender in 0..<Self.senders {
                tasks.addTask {
                    for number in 0..<Self.sent {
                        let text = "\(sender) \(number) " + String(repeating: "x", count: 80)
                        try? await layers.groupSend(Visitor.room, Message(text: text))
                        // Only the member that does not read may ever be behind.
                        if number % 10 == 0 { await script.idle() } else { await Task.yield() }
                    }
                }
            }
            tasks.addTask {
                var random = SeededGenerator(seed: seed)
                var isInside = [Bool](repeating: false, count: others.count)
                for _ in 0..<1200 {
                    let index = Int.random(in: 0..<isInside.count, using: &random)
                    isInside[index].toggle()
                    others[others.startIndex + index].client.sendNow(
                        Socket.text(isInside[index] ? "join" : "leave"))
                    await Task.yield()
                }
            }
        }
        await script.idle()

        let order = witness.frames.dropFirst()
        #expect(order.count == Self.senders * Self.sent)
        let place = Dictionary(uniqueKeysWithValues: zip(order, 0...))
        for sender in 0..<Self.senders {
            let numbers = order.filter { $0.hasPrefix("text \(sender) ") }.map { $0.split(separator: " ")[2] }
            #expect(numbers == (0..<Self.sent).map { "\($0)" }.map { Substring($0) }, "sender \(sender)")
        }
        for socket in others {
            var last: Int?
            var isInside = false
            for frame in socket.frames {
                if let position = place[frame] {
                    #expect(isInside, "\(frame) arrived before a join or after a leave.")
                    if let last {
                        #expect(position == last + 1, "\(frame) arrived out of order, or a message is missing.")
                    }
                    last = position
                } else {
                    isInside = frame == "text join"
                    last = nil
                }
            }
        }

        let dropped = script.server.counters.consumers.droppedEvents
        #expect(dropped > 0 && script.server.metrics.snapshot().limits[.eventQueue] == 0)
        await slow.client.resumeReading()
        await script.idle()
        let kept = slow.frames.dropFirst().map { place[$0] ?? -1 }
        #expect(kept.count + dropped == order.count)
        #expect(zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 } && kept.first == 0 && kept.last == order.count - 1)
    }
}
