import StraitConsumers
import StraitCore
import StraitLayers
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct OwnChannels {
    @Test func `a message sent to a consumer's channel reaches the handler of its type`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                consumer.on(JobDone.self) { _, job in consumer.send(text: "job \(job.id)") }
                consumer.journal.note(try consumer.channelName.hasPrefix("specific.inmemory!") ? "named" : "?")
                try await consumer.channelLayer.groupAdd("jobs", consumer.channelName)
                try await consumer.channelLayer.send(consumer.channelName, LayerMessage(encoding: JobDone(id: 7)))
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in
                try await consumer.channelLayer.groupDiscard("jobs", consumer.channelName)
            }
        }
        await script.begin()
        try await script.send(["type": "job.done", "id": 8], to: "jobs")
        await script.deliver("leave")
        try await script.send(["type": "job.done", "id": 9], to: "jobs")
        #expect(script.lines == ["connect", "named", "accept", "send job 7", "send job 8", "receive leave"])
        await script.closes()
        #expect(try #require(script.layers["default"] as? InMemoryChannelLayer).groups.channelCount == 0)
    }

    @Test func `a consumer's channel has the same name in disconnect(), and is removed in the end`() async throws {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                consumer.journal.note(try consumer.channelName)
                consumer.accept()
            }
            consumer.onDisconnect = { consumer, _ in consumer.journal.note(try consumer.channelName) }
        }
        await script.begin()
        await script.closes()
        #expect(script.lines.count == 6 && script.lines[1] == script.lines[4])
        #expect(try #require(script.layers["default"] as? InMemoryChannelLayer).groups.channelCount == 0)
    }

    @Test func `a consumer's full channel rejects messages`() async throws {
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(capacity: 2)]
        let script = await ConsumerScript(layers: layers) { consumer in
            consumer.onConnect = { consumer in
                consumer.on("n") { _, message in consumer.journal.note("n \(message["n"]?.int ?? 0)") }
                for n in 1...2 {
                    try await consumer.channelLayer.send(consumer.channelName, ["type": "n", "n": .int(n)])
                }
                do {
                    try await consumer.channelLayer.send(consumer.channelName, ["type": "n", "n": 3])
                } catch LayerError.channelFull {
                    consumer.journal.note("full")
                }
                consumer.accept()
            }
            consumer.onReceive = { consumer, _ in
                try await consumer.channelLayer.send(consumer.channelName, ["type": "n", "n": 4])
            }
        }
        await script.begin()
        await script.deliver("more")
        #expect(script.lines == ["connect", "full", "accept", "n 1", "n 2", "receive more", "n 4"])
    }

    @Test(arguments: ["_private", ".hidden", ""])
    func `a message with a malformed type is logged, and later messages are handled`(type: String) async throws {
        let script = await RoomScript.member()
        await script.begin()
        try await script.send(["type": .string(type)], to: "chat")
        try await script.send(["type": "chat.message", "text": "still here"], to: "chat")
        #expect(script.lines == ["connect", "accept", "chat still here"])
        #expect(
            script.log.lines.contains {
                $0.contains(
                    """
                    was sent a message that has no handler. Malformed type '\(type)' in a message: it must not be \
                    empty or begin with a period or an underscore.
                    """
                )
            })
        #expect(script.counters.ignoredEvents == 1)
    }

    @Test func `a message without a type, or with one that has no handler, is logged and ignored`() async throws {
        let script = await RoomScript.member()
        await script.begin()
        try await script.send(["type": "nobody.knows"], to: "chat")
        try await script.send(["text": "untyped"], to: "chat")
        #expect(script.lines == ["connect", "accept"])
        #expect(script.counters.ignoredEvents == 2)
        #expect(
            script.log.lines.contains {
                $0.contains(
                    """
                    Member was sent a message of type 'nobody.knows', for which it has no handler. Register one in \
                    connect() with on("nobody.knows").
                    """
                )
            })
    }
}
