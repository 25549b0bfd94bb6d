import StraitCore
import StraitHTTP
public import StraitRouting
public import StraitWebSocket

/// A consumer's acceptance of its handshake while middleware changes the response. Messages that the consumer sends
/// meanwhile are sent after the response. Loop-bound.
final class PendingAcceptance {
    private var messages: [Message] = []
    private var size = 0
    /// The middleware's task, cancelled if the socket ends before the acceptance.
    var task: Task<Void, Never>?
    /// The close that follows the messages.
    var close: (code: CloseCode, reason: String)?

    /// Queues `message`. Drops and counts it if the queued messages would exceed the mailbox limit.
    func hold(_ message: Message, _ limits: ConsumerLimits, _ counters: ConsumerCounters) -> SendState {
        guard close == nil, size + message.payload.count <= limits.mailbox else {
            counters.dropOutbound(1)
            return .dropped
        }
        size += message.payload.count
        messages.append(message)
        return .sent
    }

    /// Removes and returns the queued messages.
    func takeMessages() -> [Message] {
        defer { messages = [] }
        return messages
    }

    /// Drops and counts the queued messages, because the handshake was not accepted.
    func abandon(_ counters: ConsumerCounters) {
        task?.cancel()
        counters.dropOutbound(takeMessages().count)
    }
}

extension ConsumerSession {
    /// Accepts the handshake after `changes` have been made to the headers.
    func accept(subprotocol: String?, headers: HTTPFields, after changes: [Resolution.AcceptChange]) {
        let pending = PendingAcceptance()
        pendingAcceptance = pending
        // SAFETY: the session stays on this loop, to which the task is isolated.
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
        // The handshake may have timed out, or the client may have disconnected.
        guard let pending = pendingAcceptance else { return }
        // This opens the socket, which sends the queued messages.
        transport.accept(subprotocol: subprotocol, headers: headers)
        abandonAcceptance()
        if let close = pending.close { transport.close(close.code, reason: close.reason) }
    }

    /// Sends the queued messages before everything else.
    func sendPending() {
        for message in pendingAcceptance?.takeMessages() ?? [] { _ = transport.send(message) }
    }

    /// Cancels a pending acceptance.
    func abandonAcceptance() {
        pendingAcceptance?.abandon(counters)
        pendingAcceptance = nil
    }

    private func cannotAccept(_ error: any Error, _ isolation: isolated LoopIsolation) {
        if pendingAcceptance == nil { return }
        abandonAcceptance()
        phase = .denied
        if let known = error as? any HTTPStatusError, known.status.code < 500 {
            return transport.deny(.text(known.description + "\n", status: known.status))
        }
        log.error("The middleware of \(name) failed when the socket was accepted: \(error)", metadata: place)
        transport.failed(error)
        transport.deny(.status(.internalServerError))
    }
}

extension Resolution {
    /// Calls `body` after the socket has ended and its consumer's `disconnect` has returned, for example to save
    /// middleware state. The bodies of inner middleware are called first. Errors are logged. Has no effect for a
    /// request without a socket.
    ///
    /// `body` shares the time limit of `disconnect`, ``/StraitConsumers/ConsumerLimits/closeTimeout``. After that the
    /// task is cancelled.
    public mutating func onClose(_ body: @escaping @Sendable (Close) async throws -> Void) {
        var bodies = scope[CloseBodies.self] ?? CloseBodies()
        bodies.all.append(body)
        scope[CloseBodies.self] = bodies
    }
}

/// The closures that middleware runs at the end of a socket.
struct CloseBodies: Sendable {
    var all: [@Sendable (Close) async throws -> Void] = []
}
