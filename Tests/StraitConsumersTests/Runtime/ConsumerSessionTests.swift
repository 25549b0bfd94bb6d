import PlainConsumers
import StraitConsumers
import StraitCore
import StraitTesting
import StraitWebSocket
import Synchronization
import Testing

@Suite struct Drivers {
    @Test func `waking a kept driver enqueues no job, whatever the number of messages`() async {
        let script = await ConsumerScript(scripted: { $0.onReceive = { consumer, text in consumer.send(text: text) } })
        await script.begin()
        // The driver is kept from the third wake in quick succession.
        for _ in 0..<2 { await script.deliver("m") }
        for count in [1, 2, 100] {
            let before = await script.step { $0.loop.enqueueCount }
            await script.step { script in
                for _ in 0..<count { script.deliverNow("m") }
            }
            #expect(await script.step { $0.loop.enqueueCount } == before)
        }
        #expect(script.journal.count(of: "send m") == 105)
    }

    @Test func `starting a driver enqueues one job`() async {
        let script = await ConsumerScript(scripted: { _ in })
        let before = await script.step { $0.loop.enqueueCount }
        await script.begin()
        #expect(await script.step { $0.loop.enqueueCount } == before + 1)
    }

    @Test func `after the handshake or a single message, a connection keeps no task`() async {
        let script = await ConsumerScript(scripted: { _ in })
        await script.begin()
        for text in ["a", "b"] {
            let before = await script.step { $0.loop.enqueueCount }
            await script.deliver(text)
            #expect(await script.step { $0.loop.enqueueCount } == before + 1)
        }
    }

    @Test func `a busy connection keeps its task until it is idle for a time, then a message starts another`() async {
        let script = await ConsumerScript(scripted: { _ in })
        await script.begin()
        for text in ["a", "b"] { await script.deliver(text) }
        await script.advance(.seconds(4))
        var before = await script.step { $0.loop.enqueueCount }
        await script.deliver("c")
        #expect(await script.step { $0.loop.enqueueCount } == before)
        await script.advance(.seconds(5))
        before = await script.step { $0.loop.enqueueCount }
        await script.deliver("d")
        #expect(await script.step { $0.loop.enqueueCount } == before + 1)
        #expect(script.lines.suffix(4) == ["receive a", "receive b", "receive c", "receive d"])
        await script.advance(.seconds(6))
        await script.closes()
        #expect(script.lines.suffix(3) == ["receive d", "disconnect 1000", "ended"])
    }

    @Test func `hooks in a module without NonisolatedNonsendingByDefault stay on the loop`() async {
        let script = await ConsumerScript { journal in
            let consumer = PlainConsumer()
            consumer.note = { journal.note($0) }
            return consumer
        }
        let loop = script.loop
        await script.step { _ in PlainConsumer.probe.withLock { $0 = { loop.isOnLoop } } }
        let before = await script.step { $0.loop.enqueueCount }
        await script.begin()
        await script.deliver("a", "b")
        await script.closes()
        #expect(
            script.lines == [
                "connect true", "helper true", "accept", "receive true", "helper true", "send a", "receive true",
                "helper true", "send b", "disconnect true", "ended",
            ])
        // One job each for connect, the two messages, and disconnect: no hook left the loop and returned.
        #expect(await script.step { $0.loop.enqueueCount } == before + 3)
    }
}
