import StraitConsumers
import StraitCore
import StraitTesting
import StraitWebSocket
import Testing

private struct Broken: Error {}

private final class ByKind: WebSocketConsumer {
    override func receive(text: String) async { send(text: "text \(text)") }
    override func receive(bytes: Bytes) async { send(bytes: bytes) }
}

@Suite struct Messages {
    @Test func `text and binary messages, even empty ones, reach separate hooks`() async {
        let script = await ConsumerScript { _ in ByKind() }
        await script.begin()
        await script.deliver(.text("hi"), .binary([0x77, 0, 0, 0]), .text(""), .binary([]))
        #expect(
            script.lines == ["accept", "send text hi", "send 4 bytes: 77 00 00 00", "send text ", "send 0 bytes"])
    }

    @Test func `messages are handled in order, one at a time, even if a handler waits`() async {
        let script = await ConsumerScript(scripted: {
            $0.onReceive = { consumer, text in
                try await consumer.clock.sleep(for: .seconds(1))
                consumer.journal.note("done \(text)")
            }
        })
        await script.begin()
        await script.deliver("a", "b")
        await script.deliver("c")
        #expect(script.lines == ["connect", "accept", "receive a"])
        await script.advance(.seconds(1))
        #expect(script.lines.suffix(2) == ["done a", "receive b"])
        await script.advance(.seconds(2))
        #expect(
            script.lines == [
                "connect", "accept", "receive a", "done a", "receive b", "done b", "receive c", "done c",
            ])
    }

    @Test func `an error in a handler closes with 1011, and disconnect() runs once`() async {
        let script = await ConsumerScript(scripted: { $0.onReceive = { _, _ in throw Broken() } })
        await script.begin()
        await script.deliver("a", "b", "c")
        await script.closes(.internalError)
        #expect(
            script.lines == [
                "connect", "accept", "receive a", "close 1011 The server had an error.", "disconnect 1011", "ended",
            ])
        #expect(script.counters.droppedInbound == 2)
        #expect(script.log.lines == ["error ScriptedConsumer failed: Broken() path=/ws/"])
    }

    @Test func `StopConsumer closes the WebSocket normally`() async {
        let script = await ConsumerScript(scripted: { $0.onReceive = { _, _ in throw StopConsumer() } })
        await script.begin()
        await script.deliver("a")
        await script.closes()
        #expect(script.lines == ["connect", "accept", "receive a", "close 1000", "disconnect 1000", "ended"])
        #expect(script.log.lines == [])
    }

    @Test func `a consumer closes with a code and a reason (close_reason)`() async {
        let script = await ConsumerScript(scripted: {
            $0.onReceive = { consumer, _ in
                consumer.close(4007, reason: "test reason")
                let state = consumer.send(text: "late")
                consumer.journal.note("\(state)")
            }
        })
        await script.begin()
        await script.deliver("a", "b")
        #expect(script.lines.suffix(2) == ["close 4007 test reason", "dropped"])
        #expect(script.counters.droppedInbound == 1)
        #expect(script.counters.droppedOutbound == 1)
    }

    @Test func `a full mailbox pauses the transport until there is room again`() async {
        var limits = ConsumerLimits()
        limits.mailbox = 400
        let script = await ConsumerScript(
            limits: limits,
            scripted: {
                $0.onReceive = { consumer, text in
                    try await consumer.clock.sleep(for: .seconds(1))
                }
            })
        await script.begin()
        await script.deliver("0", "1", "2", "3", "4", "5")
        #expect(script.lines == ["connect", "accept", "receive 0"])
        await script.deliver("6")
        #expect(script.lines == ["connect", "accept", "receive 0"])
        await script.deliver("7", "8")
        #expect(script.lines.last == "pause")
        #expect(await script.onSession { session, _ in session.isFull })
        await script.advance(.seconds(4))
        #expect(script.lines.last == "receive 4")
        #expect(script.journal.count(of: "resume") == 0)
        await script.advance(.seconds(2))
        #expect(script.lines.suffix(3) == ["receive 5", "resume", "receive 6"])
        #expect(script.journal.count(of: "pause") == 1)
    }

    @Test func `drained() waits for the peer, and throws when the connection ends`() async {
        let script = await ConsumerScript(scripted: {
            $0.onReceive = { consumer, text in
                consumer.journal.note("\(consumer.send(text: text))")
                do {
                    try await consumer.drained()
                    consumer.journal.note("drained")
                } catch {
                    consumer.journal.note("\(error)")
                }
            }
        })
        await script.begin()
        await script.deliver("a")
        #expect(script.lines.suffix(3) == ["send a", "sent", "drained"])
        _ = await script.onSession { _, transport in
            transport.isDrained = false
            transport.state = .behind
        }
        await script.deliver("b")
        #expect(script.lines.suffix(2) == ["send b", "behind"])
        _ = await script.onSession { _, transport in transport.drain() }
        #expect(script.lines.last == "drained")
        _ = await script.onSession { _, transport in transport.isDrained = false }
        await script.deliver("c")
        await script.loses()
        #expect(script.lines.suffix(3) == ["CancellationError()", "disconnect 1006 unclean", "ended"])
    }

    @Test func `drained() throws when the handler is cancelled, even if the transport never drains`() async {
        let script = await ConsumerScript(scripted: {
            $0.onReceive = { consumer, _ in
                do { try await consumer.drained() } catch {
                    consumer.journal.note("\(error)")
                    throw error
                }
            }
        })
        await script.begin()
        _ = await script.onSession { _, transport in transport.isDrained = false }
        await script.deliver("a")
        _ = await script.onSession { session, _ in
            session.end(Close(code: .abnormal, wasClean: false), isLoss: true)
        }
        #expect(script.lines.suffix(3) == ["CancellationError()", "disconnect 1006 unclean", "ended"])
    }
}
