import StraitConsumers
import StraitCore
import StraitHTTP
import StraitTesting
import StraitWebSocket
import Testing

/// A consumer with one hook for all events, like Channels' `AsyncConsumer`.
private final class Echo: Consumer {
    var journal = Journal()

    override func dispatch(_ event: ConsumerEvent) async throws {
        switch event {
        case .connect where scope.subprotocols.isEmpty:
            deny(.status(.unauthorized))
        case .connect:
            accept(subprotocol: scope.subprotocols[0], headers: ["x-raw": "1"])
        case .receive(let message) where message.text == "leave":
            close(4000, reason: "bye")
        case .receive(let message):
            send(message)
            send(text: "again")
            send(bytes: [1])
            try await drained()
        case .disconnect(let close):
            journal.note("disconnect \(close.code) \(latency.map { "\($0)" } ?? "none")")
        }
    }
}

@Suite struct RawConsumers {
    private func script(_ subprotocols: String...) async -> ConsumerScript {
        await ConsumerScript(subprotocols: subprotocols) { journal in
            let consumer = Echo()
            consumer.journal = journal
            return consumer
        }
    }

    @Test func `a consumer can handle all events in dispatch() (AsyncConsumer)`() async {
        let script = await script("raw")
        await script.begin()
        await script.deliver("a", "leave", "late")
        await script.closes(4000)
        #expect(
            script.lines == [
                "accept raw x-raw: 1", "send a", "send again", "send 1 bytes: 01", "close 4000 bye",
                "disconnect 4000 none",
                "ended",
            ])
        #expect(script.counters.droppedInbound == 1)
        #expect(script.log.lines == [])
    }

    @Test func `dispatch() can reject the handshake`() async {
        let script = await script()
        await script.begin()
        await script.loses()
        #expect(script.lines == ["deny 401", "disconnect 1006 none", "ended"])
    }
}
