import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import StraitWebSocket
import Testing

private struct Broken: Error {}

private final class Defaults: WebSocketConsumer {}

@Suite struct Handshakes {
    @Test func `a consumer accepts the handshake by default`() async {
        let script = await ConsumerScript { _ in Defaults() }
        await script.begin()
        await script.deliver("ignored")
        await script.closes()
        #expect(script.lines == ["accept", "ended"])
    }

    @Test func `a consumer accepts with a subprotocol and headers (accept_headers)`() async {
        let script = await ConsumerScript(scripted: {
            $0.onConnect = { $0.accept(subprotocol: "chat.v2", headers: ["x-server": "strait"]) }
        })
        await script.begin()
        #expect(script.lines == ["connect", "accept chat.v2 x-server: strait"])
        #expect(await script.onSession { session, _ in session.isDecided })
    }

    @Test func `the scope has the client's subprotocols (websocket_consumer_subprotocol)`() async {
        let script = await ConsumerScript(subprotocols: ["subprotocol1", "subprotocol2"]) { journal in
            let consumer = ScriptedConsumer()
            consumer.journal = journal
            consumer.onConnect = { $0.accept(subprotocol: $0.scope.subprotocols.last) }
            return consumer
        }
        await script.begin()
        #expect(script.lines == ["connect", "accept subprotocol2"])
    }

    @Test func `a consumer can reject the handshake with its own response`() async {
        let script = await ConsumerScript(scripted: { $0.onConnect = { $0.deny(.status(.unauthorized)) } })
        await script.begin()
        await script.loses()
        #expect(script.lines == ["connect", "deny 401", "disconnect 1006 unclean", "ended"])
    }

    @Test func `closing before accepting rejects the handshake, and disconnect() runs once`() async {
        let script = await ConsumerScript(scripted: { $0.onConnect = { $0.close() } })
        await script.begin()
        await script.loses()
        await script.loses()
        #expect(script.lines == ["connect", "close 1000", "disconnect 1006 unclean", "ended"])
    }

    @Test func `an HTTPError in connect() rejects the handshake with its status`() async {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { _ in throw HTTPError(.gone, "The room is closed.") }
        }
        await script.begin()
        await script.loses()
        #expect(script.lines == ["connect", "deny 410", "disconnect 1006 unclean", "ended"])
        #expect(!script.log.lines.contains { $0.hasPrefix("error") })
    }

    @Test func `an error in connect() rejects the handshake with 500, and the log names the consumer`() async {
        let script = await ConsumerScript(scripted: { $0.onConnect = { _ in throw Broken() } })
        await script.begin()
        await script.loses()
        #expect(script.lines == ["connect", "deny 500", "disconnect 1006 unclean", "ended"])
        #expect(script.log.lines == ["error ScriptedConsumer failed: Broken() path=/ws/"])
    }

    @Test func `AcceptConnection accepts the handshake and DenyConnection rejects it`() async {
        let accepting = await ConsumerScript(scripted: { $0.onConnect = { _ in throw AcceptConnection() } })
        await accepting.begin()
        #expect(accepting.lines == ["connect", "accept"])
        let denying = await ConsumerScript(scripted: { $0.onConnect = { _ in throw DenyConnection() } })
        await denying.begin()
        #expect(denying.lines == ["connect", "close 1000"])
        #expect(accepting.log.lines + denying.log.lines == [])
    }

    @Test func `after accept() in connect(), DenyConnection closes and AcceptConnection is a second acceptance`() async
    {
        let denying = await ConsumerScript(scripted: {
            $0.onConnect = { consumer in
                consumer.accept()
                throw DenyConnection()
            }
        })
        await denying.begin()
        #expect(denying.lines == ["connect", "accept", "close 1000"])
        #expect(denying.log.lines == [])
        let accepting = await ConsumerScript(scripted: {
            $0.onConnect = { consumer in
                consumer.accept()
                throw AcceptConnection()
            }
        })
        await accepting.begin()
        #expect(accepting.lines == ["connect", "accept"])
        #expect(
            accepting.log.lines == [
                "error ScriptedConsumer: accept() was called after the decision; it had no effect. path=/ws/"
            ])
    }

    @Test func `after connect(), DenyConnection is an ordinary error`() async {
        let script = await ConsumerScript(scripted: { $0.onReceive = { _, _ in throw DenyConnection() } })
        await script.begin()
        await script.deliver("a")
        #expect(script.lines.last == "close 1011 The server had an error.")
    }

    @Test func `sending before accepting rejects the handshake with an error that says what to do`() async {
        let script = await ConsumerScript(scripted: {
            $0.onConnect = { consumer in
                let state = consumer.send(text: "early")
                consumer.journal.note("\(state)")
            }
        })
        await script.begin()
        #expect(script.lines == ["connect", "deny 500", "dropped"])
        #expect(
            script.log.lines == [
                "error ScriptedConsumer failed: send() was called before accept(). Call accept() first, or "
                    + "close() or deny() to refuse the handshake. path=/ws/"
            ])
        #expect(script.counters.droppedOutbound == 1)
    }

    @Test func `a second decision about the handshake has no effect and is logged`() async {
        let script = await ConsumerScript(scripted: {
            $0.onConnect = { consumer in
                consumer.accept()
                consumer.accept()
                consumer.deny(.notFound)
            }
        })
        await script.begin()
        #expect(script.lines == ["connect", "accept"])
        #expect(
            script.log.lines == [
                "error ScriptedConsumer: accept() was called after the decision; it had no effect. path=/ws/",
                "error ScriptedConsumer: deny() was called after the decision; it had no effect. path=/ws/",
            ])
    }

    @Test func `a consumer can accept later, and it is no error if the client has left by then`() async {
        let script = await ConsumerScript(scripted: {
            $0.onConnect = { consumer in
                try? await consumer.clock.sleep(for: .seconds(1))
                consumer.journal.note("woken")
                consumer.accept()
            }
        })
        await script.begin()
        #expect(!(await script.onSession { session, _ in session.isDecided }))
        await script.loses()
        #expect(script.lines == ["connect", "woken", "disconnect 1006 unclean", "ended"])
        #expect(script.log.lines == [])
    }
}
