import StraitConsumers
import StraitLayers
import StraitRouting
import StraitTesting
import StraitWebSocket
import Synchronization
import Testing

/// Sends before it has a connection.
private final class EarlyBird: WebSocketConsumer {
    override init() {
        super.init()
        send(text: "too early")
        close(4000)
    }
}

/// A consumer is used before its connection begins and after its end.
@Suite struct OutsideOfLife {
    @Test func `what a consumer does before it has a connection has no effect, and the connection works`() async {
        let script = await ConsumerScript { _ in EarlyBird() }
        await script.begin()
        #expect(script.lines == ["accept"])
    }

    @Test func `a consumer that is kept beyond its end sends nothing and still knows its scope`() async {
        let kept = Mutex<[String]>([])
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                consumer.accept()
                consumer.start { consumer in
                    // Goes on after `disconnect`.
                    try? await consumer.clock.sleep(for: .seconds(5))
                    while consumer.send(text: "late") != .dropped { await Task.yield() }
                    consumer.close(4000)
                    let path = consumer.scope.path
                    kept.withLock { $0.append(path) }
                }
            }
        }
        await script.begin()
        await script.closes()
        await script.advance(.seconds(10))
        #expect(kept.withLock { $0 } == ["/ws/"])
        #expect(!script.lines.contains { $0.hasPrefix("send") })
    }
}
