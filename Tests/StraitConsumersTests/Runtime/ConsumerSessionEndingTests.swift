import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import StraitWebSocket
import Testing

private struct Broken: Error {}

@Suite struct Ends {
    @Test func `a lost connection cancels the handler and drops queued messages, then disconnect() runs uncancelled`()
        async
    {
        let script = await ConsumerScript(scripted: {
            $0.onReceive = { consumer, _ in
                do { try await consumer.clock.sleep(for: .seconds(60)) } catch {
                    consumer.journal.note("\(error) \(Task.isCancelled)")
                }
                consumer.journal.note("\(consumer.send(text: "late"))")
            }
            $0.onDisconnect = { consumer, _ in
                consumer.journal.note("cancelled \(Task.isCancelled)")
                try await consumer.clock.sleep(for: .seconds(1))
                consumer.journal.note("slept")
            }
        })
        await script.begin()
        await script.deliver("a", "b", "c")
        await script.loses()
        await script.deliver("d")
        await script.advance(.seconds(1))
        #expect(
            script.lines == [
                "connect", "accept", "receive a", "CancellationError() true", "dropped", "disconnect 1006 unclean",
                "cancelled false", "slept", "ended",
            ])
        #expect(script.counters.droppedInbound == 3)
        #expect(script.log.lines == [])
    }

    @Test func `after an orderly close, messages that have arrived are handled before disconnect()`() async {
        let script = await ConsumerScript(scripted: {
            $0.onReceive = { consumer, _ in try await consumer.clock.sleep(for: .seconds(1)) }
        })
        await script.begin()
        await script.deliver("a", "b")
        await script.closes(.goingAway)
        #expect(script.lines.last == "receive a")
        await script.advance(.seconds(2))
        #expect(
            script.lines == ["connect", "accept", "receive a", "receive b", "disconnect 1001", "ended"])
        #expect(script.counters.droppedInbound == 0)
    }

    @Test func `a handler that exceeds the close timeout is cancelled and logged`() async {
        let script = await ConsumerScript(scripted: {
            $0.onReceive = { consumer, _ in try await consumer.clock.sleep(for: .seconds(60)) }
        })
        await script.begin()
        await script.deliver("a")
        await script.closes()
        await script.advance(.seconds(10))
        #expect(script.lines.suffix(2) == ["disconnect 1000", "ended"])
        #expect(
            script.log.lines == [
                """
                error ScriptedConsumer is still in a handler 10.0 seconds after its socket closed; it is cancelled. \
                path=/ws/
                """
            ])
    }

    @Test func `messages queued behind a handler that exceeds the close timeout are dropped and counted`() async {
        let script = await ConsumerScript(scripted: {
            $0.onReceive = { consumer, _ in try? await consumer.clock.sleep(for: .seconds(60)) }
        })
        await script.begin()
        await script.deliver("a", "b", "c")
        await script.closes()
        await script.advance(.seconds(10))
        #expect(script.lines == ["connect", "accept", "receive a", "disconnect 1000", "ended"])
        #expect(script.counters.droppedInbound == 2)
        #expect(script.log.lines.count == 1)
    }

    @Test func `CancellationError from a handler that was not cancelled is an error, and disconnect() runs once`() async
    {
        let script = await ConsumerScript(scripted: { $0.onReceive = { _, _ in throw CancellationError() } })
        await script.begin()
        await script.deliver("a")
        #expect(script.lines.last == "close 1011 The server had an error.")
        await script.closes(.internalError)
        #expect(script.lines.suffix(2) == ["disconnect 1011", "ended"])
        #expect(script.log.lines == ["error ScriptedConsumer failed: CancellationError() path=/ws/"])
    }

    @Test func `a disconnect() that exceeds the close timeout is cancelled and logged`() async {
        let script = await ConsumerScript(scripted: {
            $0.onDisconnect = { consumer, _ in try await consumer.clock.sleep(for: .seconds(60)) }
        })
        await script.begin()
        await script.closes()
        #expect(script.lines.last == "disconnect 1000")
        await script.advance(.seconds(10))
        #expect(script.lines.suffix(2) == ["disconnect 1000", "ended"])
        #expect(script.log.lines.count == 2)
        #expect(
            script.log.lines.first
                == """
                error ScriptedConsumer is still in disconnect 10.0 seconds after its socket closed; it is cancelled. \
                path=/ws/
                """
        )
    }

    @Test func `background work runs beside the handlers and can use the consumer while it is being cancelled`() async {
        let script = await ConsumerScript(scripted: {
            $0.onConnect = { consumer in
                consumer.accept()
                consumer.start { _ in
                    do {
                        while true {
                            try await consumer.clock.sleep(for: .seconds(1))
                            consumer.send(text: "tick")
                        }
                    } catch {
                        consumer.journal.note("\(error) at \(consumer.scope.path) \(consumer.send(text: "late"))")
                        throw error
                    }
                }
            }
        })
        await script.begin()
        await script.advance(.seconds(2))
        await script.deliver("a")
        await script.closes()
        #expect(script.lines.prefix(5) == ["connect", "accept", "send tick", "send tick", "receive a"])
        #expect(
            script.lines.dropFirst(5).sorted() == ["CancellationError() at /ws/ dropped", "disconnect 1000", "ended"])
        #expect(script.log.lines == [])
    }

    @Test func `an error in background work is treated like a handler's error`() async {
        let script = await ConsumerScript(scripted: {
            $0.onReceive = { consumer, text in
                consumer.start { _ in if text == "stop" { throw StopConsumer() } else { throw Broken() } }
            }
        })
        await script.begin()
        await script.deliver("fail")
        #expect(script.lines.last == "close 1011 The server had an error.")
        #expect(script.log.lines == ["error ScriptedConsumer failed: Broken() path=/ws/"])
        await script.closes(.internalError)
        let stopping = await ConsumerScript(scripted: {
            $0.onReceive = { consumer, _ in consumer.start { _ in throw StopConsumer() } }
        })
        await stopping.begin()
        await stopping.deliver("stop")
        #expect(stopping.lines.last == "close 1000")
        #expect(stopping.log.lines == [])
    }

    @Test func `an error in disconnect() ends it and is logged`() async {
        let script = await ConsumerScript(scripted: { $0.onDisconnect = { _, _ in throw Broken() } })
        await script.begin()
        await script.closes()
        #expect(script.lines.suffix(2) == ["disconnect 1000", "ended"])
        #expect(script.log.lines == ["error ScriptedConsumer failed in disconnect: Broken() path=/ws/"])
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `in random runs, messages are handled in order, and disconnect() runs once and last`(seed: UInt64) async {
        var random = SeededGenerator(seed: seed)
        var limits = ConsumerLimits()
        limits.mailbox = 1 << 10
        let script = await ConsumerScript(
            limits: limits,
            scripted: {
                $0.onReceive = { consumer, text in
                    switch text.utf8.first {
                    case UInt8(ascii: "s"): try await consumer.clock.sleep(for: .milliseconds(700))
                    case UInt8(ascii: "i"): try? await consumer.clock.sleep(for: .seconds(7))
                    case UInt8(ascii: "e"): throw Broken()
                    case UInt8(ascii: "c"): consumer.close()
                    case UInt8(ascii: "x"): throw StopConsumer()
                    case UInt8(ascii: "b"): consumer.start { _ in try await consumer.clock.sleep(for: .seconds(9)) }
                    case UInt8(ascii: "d"): try await consumer.drained()
                    default: consumer.send(text: text)
                    }
                    consumer.journal.note("done")
                }
            })
        await script.begin()
        var delivered = 0
        for _ in 0..<Int.random(in: 1...25, using: &random) {
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<7:
                let texts = (0..<Int.random(in: 1...4, using: &random)).map { index in
                    let kind = ["m", "m", "m", "s", "s", "i", "b", "d", "m", "e", "c", "x"].randomElement(
                        using: &random)!
                    return "\(kind)\(delivered + index)"
                }
                // Like a transport, delivers nothing after either side began to close.
                delivered += await script.onSession { session, _ in
                    guard session.isOpen else { return 0 }
                    for text in texts { session.deliver(Message(text: text)) }
                    return texts.count
                }
            case 7: await script.closes()
            case 8: await script.loses()
            default: await script.advance(.milliseconds(Int.random(in: 0...6000, using: &random)))
            }
        }
        await script.loses()
        await script.advance(.seconds(60))
        let lines = script.lines
        let handled = lines.filter { $0.hasPrefix("receive ") }
        let numbers = handled.map { Int($0.dropFirst(9))! }
        #expect(lines.first == "connect", "seed \(seed)")
        #expect(numbers == numbers.sorted(), "seed \(seed): \(lines)")
        #expect(lines.count { $0.hasPrefix("disconnect") } == 1, "seed \(seed): \(lines)")
        #expect(lines.last == "ended" && script.journal.count(of: "ended") == 1, "seed \(seed): \(lines)")
        #expect(handled.count + script.counters.droppedInbound == delivered, "seed \(seed): \(lines)")
    }
}
