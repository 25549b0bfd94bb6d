import StraitCore
package import StraitHTTP
import StraitLayers
import StraitRouting
package import StraitWebSocket

/// The actions of a consumer: accepting or denying the handshake, sending messages, and closing.
extension ConsumerSession {
    package func accept(subprotocol: String?, headers: HTTPFields) {
        // If the client disconnected before the answer, the consumer made no mistake.
        guard ending == nil else { return }
        guard phase == .connecting else { return misuse("accept() was called after the decision") }
        phase = .accepted
        let subprotocol = subprotocol ?? scope[FallbackSubprotocol.self]?.name
        let changes = transport.acceptChanges
        if changes.isEmpty { return transport.accept(subprotocol: subprotocol, headers: headers) }
        accept(subprotocol: subprotocol, headers: headers, after: changes)
    }

    package func deny(_ response: Response) {
        guard ending == nil else { return }
        guard phase == .connecting else { return misuse("deny() was called after the decision") }
        phase = .denied
        transport.deny(response)
    }

    package func send(_ message: Message) -> SendState {
        loop.assertOnLoop()
        if takesMessages { return transport.send(message) }
        if let pendingAcceptance, ending == nil { return pendingAcceptance.hold(message, limits, counters) }
        if phase == .connecting, ending == nil { fail(ConsumerError.sentBeforeAccept) }
        counters.dropOutbound(1)
        return .dropped
    }

    package func close(_ code: CloseCode, reason: String) {
        switch phase {
        case .connecting: phase = .denied
        case .accepted: break
        default: return
        }
        isClosing = true
        leaveGroupsWhenQuiet()
        if let pendingAcceptance {
            pendingAcceptance.close = (code, reason)
        } else {
            transport.close(code, reason: reason)
        }
        // Queued messages are not handled after the consumer has closed the socket.
        counters.dropInbound(mailbox.removeAll())
        // Reading continues, in order to receive the peer's close frame.
        resumeIfRoom()
    }

    package func drained() async throws {
        // SAFETY: a consumer calls this on the loop, and the session stays on it.
        nonisolated(unsafe) let session = self
        try await unsafe session.drained(loop.isolation)
    }

    private func drained(_ isolation: isolated LoopIsolation) async throws {
        if pendingAcceptance != nil { return }
        guard phase == .accepted, isOpen else { throw CancellationError() }
        let waiter = LoopWaiter(loop: loop)
        var isDrained = false
        transport.whenDrained {
            isDrained = true
            waiter.wake()
        }
        if !isDrained { _ = await waiter.waitUnlessCancelled(isolation) }
        guard isOpen else { throw CancellationError() }
        try Task.checkCancellation()
    }
}

/// The subprotocol that middleware has handled, in a scope. The handshake is answered with it if the consumer picks
/// none.
package struct FallbackSubprotocol: Sendable {
    /// The name, one that the client offered.
    package let name: String

    package init(name: String) { self.name = name }
}
