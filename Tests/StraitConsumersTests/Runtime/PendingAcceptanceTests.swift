import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitTesting
import StraitWebSocket
import Testing

/// Middleware that waits before it changes the response that accepts a WebSocket.
@Suite struct PendingAcceptances {
    /// A change of the response that waits until the test opens the gate.
    private final class Gate: Sendable {
        let journal = Journal()
        private let (opened, open) = AsyncStream.makeStream(of: Void.self)

        func change(_ headers: inout HTTPFields) async throws {
            for await _ in opened { break }
            if Task.isCancelled { journal.note("cancelled") }
            try Task.checkCancellation()
            headers["x-gate"] = "open"
        }

        func unlock() { open.yield() }
    }

    private func script(_ gate: Gate, _ connect: @escaping @Sendable (ScriptedConsumer) -> Void) async -> ConsumerScript
    {
        await ConsumerScript(acceptChanges: [{ try await gate.change(&$0) }]) { consumer in
            consumer.onConnect = { consumer in
                try await consumer.join(RoomScript.room)
                consumer.accept()
                connect(consumer)
            }
        }
    }

    @Test func `messages sent while the acceptance waits are sent after it, before group events`()
        async throws
    {
        let gate = Gate()
        let script = await script(gate) { consumer in
            consumer.send(text: "first")
            consumer.send(text: "second")
        }
        await script.begin()
        try await script.send(.said(text: "event"), to: RoomScript.room)
        #expect(script.lines == ["connect"])
        gate.unlock()
        await script.journal.until { $0.contains { $0.hasPrefix("forward") } }
        #expect(
            script.lines == [
                "connect", "accept x-gate: open", "send first", "send second",
                #"forward {"type":"said","text":"event"}"#,
            ])
    }

    @Test func `a client that leaves meanwhile cancels the acceptance, and unsent messages are counted`() async {
        let gate = Gate()
        let script = await script(gate) { consumer in
            consumer.send(text: "first")
            consumer.send(text: "second")
        }
        await script.begin()
        await script.loses()
        await gate.journal.until { $0 == ["cancelled"] }
        await script.journal.until { $0.contains { $0.hasPrefix("disconnect") } }
        #expect(!script.lines.contains { $0.hasPrefix("send") || $0.hasPrefix("accept") })
        #expect(script.counters.droppedOutbound == 2)
    }

    @Test func `a close while the acceptance waits is sent after the messages`() async {
        let gate = Gate()
        let script = await script(gate) { consumer in
            consumer.send(text: "bye")
            consumer.close(4000)
        }
        await script.begin()
        gate.unlock()
        await script.journal.until { $0.contains { $0.hasPrefix("close") } }
        #expect(script.lines.prefix(3) == ["connect", "accept x-gate: open", "send bye"])
    }
}
