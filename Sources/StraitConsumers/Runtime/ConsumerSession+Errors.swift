import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitWebSocket

/// Handling of errors in a consumer.
extension ConsumerSession {
    /// Handles an error that a handler threw.
    func handle(_ error: any Error, fromConnect: Bool = false) {
        switch error {
        case is StopConsumer: close(.normal, reason: "")
        // In `connect`, they act like the calls that they are named after, even if the consumer has already accepted or
        // rejected the handshake.
        case is AcceptConnection where fromConnect || phase == .connecting:
            accept(subprotocol: nil, headers: HTTPFields())
        case is DenyConnection where fromConnect || phase == .connecting: close(.normal, reason: "")
        case is CancellationError where ending != nil: break
        default: fail(error)
        }
    }

    /// Handles a failure of the consumer. Before the handshake is answered, it is rejected with the error's status or
    /// 500. Afterwards, the socket is closed with 1011.
    func fail(_ error: any Error) {
        if phase == .connecting, let refusal = Self.refusal(for: error) {
            log.info("\(name) refused a handshake: \(error)", metadata: place)
            phase = .denied
            return transport.deny(refusal)
        }
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

    /// Returns the response to a handshake if the error was caused by the client, otherwise nil.
    private static func refusal(for error: any Error) -> Response? {
        if let error = error as? any HTTPStatusError, error.status.code < 500 { return .answering(error) }
        switch error as? LayerError {
        // These names usually come from a path that the client chose.
        case .invalidGroupName, .invalidChannelName: return .status(.badRequest)
        default: return nil
        }
    }

    /// Counts a message that the consumer has no hook for, and logs the first one.
    func ignoreMessage(_ kind: String, override hook: String) {
        counters.ignoreMessage()
        if hasIgnoredMessage { return }
        hasIgnoredMessage = true
        log.warning(
            "\(name) dropped a \(kind) message. Override \(hook) to receive such messages.", metadata: place)
    }

    /// Logs an action that had no effect.
    func misuse(_ text: String) {
        log.error("\(name): \(text); it had no effect.", metadata: place)
    }

    /// The socket's path. It is logged as metadata because the client may have chosen it.
    var place: LogMetadata { ["path": "\(scope.path)"] }

    /// The name of the consumer's type.
    package var name: String { consumer.map { "\(type(of: $0))" } ?? "A consumer" }
}
