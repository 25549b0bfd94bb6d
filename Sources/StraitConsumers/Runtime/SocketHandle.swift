import StraitCore
import StraitHTTP
public import StraitRouting
public import StraitWebSocket
internal import Synchronization

/// A socket that middleware can close later, for example when its user is logged out.
///
/// ```swift
/// let socket = resolution.socket()
/// …
/// socket.close(4401, reason: "logged out")
/// ```
///
/// SAFETY: `@unchecked Sendable` is sound because `session` is used only on the session's loop, which is set before.
public final class SocketHandle: @unchecked Sendable {
    private struct State {
        var loop: EventLoop?
        /// The close that was requested before the consumer existed.
        var pending: (code: CloseCode, reason: String)?
    }

    private let state = Mutex(State())
    private weak var session: ConsumerSession?

    init() {}

    /// Connects the handle with the consumer of the socket. Called on the loop.
    func attach(_ session: ConsumerSession) {
        self.session = session
        let pending = state.withLock { state in
            state.loop = session.loop
            return state.pending
        }
        if let pending { close(pending.code, reason: pending.reason) }
    }

    /// Closes the socket as `close` of its consumer does. Has no effect if it has ended. Callable from any thread.
    public func close(_ code: CloseCode, reason: String = "") {
        let loop = state.withLock { state in
            if state.loop == nil { state.pending = (code, reason) }
            return state.loop
        }
        loop?.executeUnlessEnded { [self] in session?.close(code, reason: reason) }
    }
}

extension Resolution {
    /// Returns a handle with which the socket can be closed later. It has no effect for a request without a socket.
    public mutating func socket() -> SocketHandle {
        if let handle = scope[SocketHandle.self] { return handle }
        let handle = SocketHandle()
        scope[SocketHandle.self] = handle
        return handle
    }
}
