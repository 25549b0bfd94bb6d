import PlainConsumers
import StraitConsumers
import StraitNetwork
import StraitWebSocket
import Synchronization
import Testing

@Suite struct Drivers {
    @Test func `a wake costs one entry, however many messages it brought`() async {
        let script = await ConsumerScript(scripted: { $0.onReceive = { consumer, text in consumer.send(text: text) } })
        await script.begin()
        for count in [1, 2, 100] {
            let before = await script.step { $0.loop.enqueueCount }
            await script.step { script in
                for _ in 0..<count { script.deliverNow("m") }
            }
            #expect(await script.step { $0.loop.enqueueCount } == before)
        }
        #expect(script.journal.count(of: "send m") == 103)
    }

    @Test func `a driver that starts costs one entry`() async {
        let script = await ConsumerScript(scripted: { _ in })
        let before = await script.step { $0.loop.enqueueCount }
        await script.begin()
        #expect(await script.step { $0.loop.enqueueCount } == before + 1)
    }

    @Test func `an idle consumer's task ends, and the next message starts another`() async {
        let script = await ConsumerScript(scripted: { _ in })
        await script.begin()
        await script.advance(.seconds(4))
        await script.deliver("a")
        await script.advance(.seconds(4))
        var before = await script.step { $0.loop.enqueueCount }
        await script.deliver("b")
        #expect(await script.step { $0.loop.enqueueCount } == before)
        await script.advance(.seconds(5))
        before = await script.step { $0.loop.enqueueCount }
        await script.deliver("c")
        #expect(await script.step { $0.loop.enqueueCount } == before + 1)
        #expect(script.lines.suffix(3) == ["receive a", "receive b", "receive c"])
        await script.advance(.seconds(6))
        await script.closes()
        #expect(script.lines.suffix(3) == ["receive c", "disconnect 1000", "ended"])
    }

    @Test func `hooks of a module without nonsending by default stay on the loop`() async {
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
        // One for the driver and one for the task of disconnect: no hook left the loop and came back.
        #expect(await script.step { $0.loop.enqueueCount } == before + 2)
    }
}
