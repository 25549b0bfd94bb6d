/// The closing handshake of a WebSocket (RFC 6455 §7), without I/O. Methods take events and return the actions to
/// perform.
///
/// Every sequence of events leads to exactly one ``Action/report(_:isLoss:)``.
package struct CloseHandshake: ~Copyable {
    /// An action that the connection's owner must perform, in the given order.
    package enum Action: Hashable, Sendable {
        /// Send this close frame after everything already queued. Nothing may be queued after it.
        case send(ClosePayload)
        /// Start a deadline for the peer. When it passes, call ``CloseHandshake/deadlinePassed()``.
        case startDeadline
        /// Close the transport after all queued bytes have been sent.
        case shutTransport
        /// Close the transport immediately.
        case abortTransport
        /// Report the end of the WebSocket. It is a loss if the peer sent neither a close frame nor a protocol error.
        /// Only a loss cancels handlers.
        case report(Close, isLoss: Bool)
    }

    private enum State {
        case open
        /// The peer's close frame or protocol error arrived and was reported. Earlier messages are still being handled;
        /// this payload is sent after the responses to them.
        case answering(ClosePayload)
        /// We sent a close frame, and wait for the peer's.
        case closing
        /// The end was reported. A client then waits for the server to close the transport (§7.1.1).
        case closed(awaitsTransport: Bool)
    }

    private let role: Role
    private var state = State.open
    /// Whether the peer's close frame has arrived. The peer sends nothing after it (§5.5.1).
    package private(set) var peerHasClosed = false

    /// Creates the handshake of an open WebSocket.
    package init(role: Role = .server) {
        self.role = role
    }

    /// Whether messages, pings and pongs may be sent: not after our close frame (§5.5.1).
    package var maySend: Bool {
        switch state {
        case .open, .answering: true
        case .closing, .closed: false
        }
    }

    /// Whether incoming bytes must still be read. After our close frame they must, until the peer's arrives.
    package var mayReceive: Bool {
        switch state {
        case .open, .closing: true
        case .answering, .closed: false
        }
    }

    /// Whether the peer has closed and ``answered()`` has not been called yet.
    package var isAnswering: Bool {
        if case .answering = state { true } else { false }
    }

    /// Closes the WebSocket from our side. Has no effect if it is already closing.
    ///
    /// - Throws: ``UnsendableCloseCode`` if a close frame must not carry `code` (§7.4). ``CloseCode/noCode`` is allowed
    ///   and sends an empty close frame.
    package mutating func close(_ code: CloseCode = .normal, reason: String = "") throws(UnsendableCloseCode)
        -> [Action]
    {
        guard code.isSendable || code == .noCode else { throw UnsendableCloseCode(code: code) }
        switch state {
        case .open:
            state = .closing
            return [.send(ClosePayload(code: code, reason: reason)), .startDeadline]
        // The close frames cross: ours has its own code, and the peer's has already arrived.
        case .answering: return answer(ClosePayload(code: code, reason: reason))
        case .closing, .closed: return []
        }
    }

    /// Handles the peer's close frame. The response has the same code (§5.5.1), and follows the responses to earlier
    /// messages. None is sent if our close frame has already been sent.
    package mutating func received(_ peer: ClosePayload) -> [Action] {
        peerHasClosed = true
        let close = Close(code: peer.code, reason: peer.reason, wasClean: true)
        switch state {
        case .open:
            state = .answering(ClosePayload(code: peer.code))
            return [.startDeadline, .report(close, isLoss: false)]
        case .closing: return [finish(), .report(close, isLoss: false)]
        case .answering, .closed: return []
        }
    }

    /// Handles a protocol violation or an exceeded limit of the peer (§7.1.7). Earlier messages are still handled and
    /// answered. Then our close frame states the error.
    package mutating func failed(_ error: WebSocketError) -> [Action] {
        let close = Close(code: .abnormal, reason: error.reason, wasClean: false)
        switch state {
        case .open:
            state = .answering(ClosePayload(code: error.code, reason: error.reason))
            return [.startDeadline, .report(close, isLoss: false)]
        case .closing:
            state = .closed(awaitsTransport: false)
            return [.shutTransport, .report(close, isLoss: false)]
        case .answering, .closed: return []
        }
    }

    /// Answers the peer's close frame, once all messages before it are handled and the responses to them are queued.
    package mutating func sendReply() -> [Action] {
        guard case .answering(let payload) = state else { return [] }
        return answer(payload)
    }

    /// Handles the end of the peer's bytes. The peer may still read.
    package mutating func inputEnded(_ reason: String = "") -> [Action] {
        switch state {
        // The peer's close frame has arrived. The responses and our close frame can still be sent.
        case .answering: return []
        case .open, .closing, .closed: return transportLost(reason) + [.shutTransport]
        }
    }

    /// Handles the end of the transport, for any reason.
    package mutating func transportLost(_ reason: String = "") -> [Action] {
        switch state {
        case .open, .closing:
            state = .closed(awaitsTransport: false)
            return [.report(Close(code: .abnormal, reason: reason, wasClean: false), isLoss: true)]
        case .answering, .closed:
            state = .closed(awaitsTransport: false)
            return []
        }
    }

    /// Handles the end of a deadline: for the peer's close frame, for the responses before ours, or for the server's
    /// closing of the transport.
    package mutating func deadlinePassed() -> [Action] {
        switch state {
        case .open: return []
        case .answering(let payload): return answer(payload)
        case .closing:
            state = .closed(awaitsTransport: false)
            let close = Close(code: .abnormal, reason: "no close frame in time", wasClean: false)
            return [.abortTransport, .report(close, isLoss: true)]
        case .closed(let awaitsTransport):
            state = .closed(awaitsTransport: false)
            return awaitsTransport ? [.abortTransport] : []
        }
    }

    private mutating func answer(_ payload: ClosePayload) -> [Action] {
        [.send(payload), finish()]
    }

    /// Ends the closing handshake after both close frames. The server closes the transport first (§7.1.1), and a client
    /// waits for that.
    private mutating func finish() -> Action {
        state = .closed(awaitsTransport: role == .client)
        return role == .server ? .shutTransport : .startDeadline
    }
}
