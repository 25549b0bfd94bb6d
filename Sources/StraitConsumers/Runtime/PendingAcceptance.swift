import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// A consumer's acceptance of its handshake while middleware works on the response: what the consumer sends meanwhile
/// is sent behind it. Loop-bound.
final class PendingAcceptance {
    private var messages: [Message] = []
    private var size = 0
    /// The close that follows the messages.
    var close: (code: CloseCode, reason: String)?

    /// Keeps `message`; drops and counts it if the messages exceed the mailbox limit.
    func hold(_ message: Message, _ limits: ConsumerLimits, _ counters: ConsumerCounters) -> SendState {
        guard close == nil, size + message.payload.count <= limits.mailbox else {
            counters.dropOutbound(1)
            return .dropped
        }
        size += message.payload.count
        messages.append(message)
        return .sent
    }

    /// The messages that were kept, which are forgotten.
    func takeMessages() -> [Message] {
        defer { messages = [] }
        return messages
    }
}

extension ConsumerSession {
    /// Accepts once `changes` have been made to the headers.
    func accept(subprotocol: String?, headers: HTTPFields, after changes: [Resolution.AcceptChange]) {
        pendingAcceptance = PendingAcceptance()
        // SAFETY: the session stays on this loop, whose isolation the task has.
        nonisolated(unsafe) let session = self
        _ = loop.isolation.startTask { isolation in
            var headers = headers
            do {
                for change in changes { try await change(&headers) }
            } catch {
                return unsafe session.cannotAccept(error, isolation)
            }
            unsafe session.finishAccepting(subprotocol, headers, isolation)
        }
    }

    private func finishAccepting(_ subprotocol: String?, _ headers: HTTPFields, _ isolation: isolated LoopIsolation) {
        let pending = pendingAcceptance
        pendingAcceptance = nil
        // The handshake timed out, or the client left.
        guard ending == nil, let pending else { return }
        transport.accept(subprotocol: subprotocol, headers: headers)
        for message in pending.takeMessages() { _ = send(message) }
        if let close = pending.close { transport.close(close.code, reason: close.reason) }
    }

    private func cannotAccept(_ error: any Error, _ isolation: isolated LoopIsolation) {
        pendingAcceptance = nil
        if ending != nil { return }
        log.error("The middleware of \(name) at \(scope.path) failed when the socket was accepted: \(error)")
        transport.failed(error)
        phase = .denied
        transport.deny(.status(.internalServerError))
    }
}
