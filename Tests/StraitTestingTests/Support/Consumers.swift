import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import StraitWebSocket

/// The error that the tests' handlers throw.
struct Broken: Error {}

/// A consumer that sends each message back.
final class Echo: WebSocketConsumer {
    override func receive(_ message: Message) async { send(message) }
}

/// A consumer that runs the commands in text messages.
final class Obedient: WebSocketConsumer {
    override func connect() async throws {
        switch scope.path {
        case "/refuse/": close(4001)
        case "/deny/": deny(.text("No.", status: .unauthorized))
        case "/fail/": throw Broken()
        case "/silent/": break
        default: accept(subprotocol: scope.subprotocols.last, headers: ["x-server": "strait"])
        }
    }

    override func receive(text: String) async throws {
        switch text {
        case "close": close(4007, reason: "test reason")
        case "close badly": close(1006)
        case "fail": throw Broken()
        case "sleep":
            try await clock.sleep(for: .seconds(60))
            send(text: "awake")
        case "elsewhere": send(text: await Elsewhere.work())
        case "work beside":
            start { consumer in
                try await consumer.clock.sleep(for: .seconds(60))
                throw Broken()
            }
        default: send(text: text)
        }
    }

    override func disconnect(_ close: Close) async throws {
        if close.code == 4999 { throw Broken() }
    }
}

/// Work off the loop that takes a while.
enum Elsewhere {
    @concurrent
    static func work() async -> String {
        for _ in 0..<1000 { await Task.yield() }
        return "done"
    }
}

/// A consumer that sends its scope's type, path and query string, named as in ASGI.
final class ScopeTeller: WebSocketConsumer {
    override func connect() async {
        accept()
        send(text: "\(scope.type.rawValue) \(scope.path) \(scope.queryString)")
    }
}
