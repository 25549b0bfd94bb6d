import StraitConsumers
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitTesting
import StraitWebSocket
import Synchronization
import Testing

/// A consumer that sends before it has a connection.
private final class EarlyBird: WebSocketConsumer {
    override init() {
        super.init()
        send(text: "too early")
        close(4000)
    }
}

/// The use of a consumer before its connection begins and after it ends.
@Suite struct OutsideOfLife {
    @Test func `calls before the connection begins have no effect, and the connection works`() async {
        let script = await ConsumerScript { _ in EarlyBird() }
        await script.begin()
        #expect(script.lines == ["accept"])
    }

    @Test func `a consumer that is used after its end sends nothing and still has its scope`() async {
        let kept = Mutex<[String]>([])
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                consumer.accept()
                consumer.start { consumer in
                    // Continues after `disconnect`.
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
