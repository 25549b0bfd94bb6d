import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// What becomes of the mistakes in a consumer.
extension ConsumerSession {
    /// A handler threw.
    func handle(_ error: any Error, fromConnect: Bool = false) {
        switch error {
        case is StopConsumer: close(.normal, reason: "")
        // In `connect` they are the calls that they are named after, also after a decision.
        case is AcceptConnection where fromConnect || phase == .connecting:
            accept(subprotocol: nil, headers: HTTPFields())
        case is DenyConnection where fromConnect || phase == .connecting: close(.normal, reason: "")
        case is CancellationError where ending != nil: break
        default: fail(error)
        }
    }

    /// Something went wrong in the consumer: a refusal with 500 before the handshake is answered, 1011 after.
    func fail(_ error: any Error) {
        log.error("\(name) failed: \(error)", metadata: place)
        transport.failed(error)
        switch phase {
        case .connecting:
            phase = .denied
            transport.deny(.status(.internalServerError))
        case .accepted:
            close(.internalError, reason: "The server had an error.")
        default: break
        }
    }

    /// A message arrived that the consumer has no hook for.
    func ignoreMessage(_ kind: String, override hook: String) {
        counters.ignoreMessage()
        if hasIgnoredMessage { return }
        hasIgnoredMessage = true
        log.warning(
            "\(name) dropped a \(kind) message. Override \(hook) to receive such messages.", metadata: place)
    }

    func misuse(_ text: String) {
        log.error("\(name): \(text); it had no effect.", metadata: place)
    }

    /// The path of the socket, as metadata: a client may have chosen it.
    var place: LogMetadata { ["path": "\(scope.path)"] }

    /// The type of the consumer.
    package var name: String { consumer.map { "\(type(of: $0))" } ?? "A consumer" }
}
