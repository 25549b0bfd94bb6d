import StraitHTTP
import StraitLayers
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

    /// Something went wrong in the consumer: a refusal before the handshake is answered, with the error's status or 500,
    /// and 1011 after.
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

    /// The response to a handshake whose consumer threw an error that is the client's.
    private static func refusal(for error: any Error) -> Response? {
        if let error = error as? any HTTPStatusError, error.status.code < 500 { return .answering(error) }
        switch error as? LayerError {
        // Mostly made of a path that the client chose.
        case .invalidGroupName, .invalidChannelName: return .status(.badRequest)
        default: return nil
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
