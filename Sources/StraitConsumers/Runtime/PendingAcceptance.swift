import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// A consumer's acceptance of its handshake while middleware works on the response: what the consumer sends meanwhile
/// is sent behind it. Loop-bound.
final class PendingAcceptance {
    private var messages: [Message] = []
    private var size = 0
    /// The work of middleware, cancelled if the socket ends before it is accepted.
    var task: Task<Void, Never>?
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

    /// Ends without an acceptance: drops the messages and counts them.
    func abandon(_ counters: ConsumerCounters) {
        task?.cancel()
        counters.dropOutbound(takeMessages().count)
    }
}

extension ConsumerSession {
    /// Accepts once `changes` have been made to the headers.
    func accept(subprotocol: String?, headers: HTTPFields, after changes: [Resolution.AcceptChange]) {
        let pending = PendingAcceptance()
        pendingAcceptance = pending
        // SAFETY: the session stays on this loop, whose isolation the task has.
        nonisolated(unsafe) let session = self
        pending.task = loop.isolation.startTask { isolation in
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
        // The handshake may have timed out, or the client have left.
        guard let pending = pendingAcceptance else { return }
        // Opens the socket, and with it sends the messages that were kept.
        transport.accept(subprotocol: subprotocol, headers: headers)
        abandonAcceptance()
        if let close = pending.close { transport.close(close.code, reason: close.reason) }
    }

    /// Sends the messages that were kept, in front of everything else.
    func sendPending() {
        for message in pendingAcceptance?.takeMessages() ?? [] { _ = transport.send(message) }
    }

    /// Waits for no acceptance any more.
    func abandonAcceptance() {
        pendingAcceptance?.abandon(counters)
        pendingAcceptance = nil
    }

    private func cannotAccept(_ error: any Error, _ isolation: isolated LoopIsolation) {
        if pendingAcceptance == nil { return }
        abandonAcceptance()
        log.error("The middleware of \(name) failed when the socket was accepted: \(error)", metadata: place)
        transport.failed(error)
        phase = .denied
        transport.deny(.status(.internalServerError))
    }
}
