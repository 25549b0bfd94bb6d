/// The end of a WebSocket (RFC 6455 §7), without any I/O: what happens goes in, what to do about it comes out.
///
/// Every way ends in exactly one ``Action/report(_:)``.
package struct CloseHandshake: ~Copyable {
    /// What the owner of the connection has to do, in the order given.
    package enum Action: Hashable, Sendable {
        /// Send this close frame, behind what was queued before. Nothing may be queued after it.
        case send(ClosePayload)
        /// Wait for the other side, up to a deadline; then call ``CloseHandshake/deadlinePassed()``.
        case startDeadline
        /// End the transport once everything queued was sent.
        case shutTransport
        /// End the transport at once.
        case abortTransport
        /// Report the end of the WebSocket. A loss is an end without a close frame or protocol error from the other
        /// side; only a loss cancels handlers.
        case report(Close, isLoss: Bool)
    }

    private enum State {
        case open
        /// The other side's close frame or protocol error arrived and was reported. The messages before it are still
        /// being handled and answered; this payload goes out behind the answers.
        case answering(ClosePayload)
        /// We sent a close frame; the other side's is to come.
        case closing
        /// It was reported. A client then waits for the server to end the transport (§7.1.1).
        case closed(awaitsTransport: Bool)
    }

    private let role: Role
    private var state = State.open
    /// Whether the other side's close frame has arrived, behind which it sends nothing (§5.5.1).
    package private(set) var peerHasClosed = false

    /// An open WebSocket.
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

    /// Whether incoming bytes still have to be read: after our close frame, until theirs.
    package var mayReceive: Bool {
        switch state {
        case .open, .closing: true
        case .answering, .closed: false
        }
    }

    /// Whether the other side has closed and ``answered()`` is still to be called.
    package var isAnswering: Bool {
        if case .answering = state { true } else { false }
    }

    /// We want to end it. Once it is ending this changes nothing.
    ///
    /// - Throws: where `code` must not travel (§7.4); ``CloseCode/noCode`` may and sends none.
    package mutating func close(_ code: CloseCode = .normal, reason: String = "") throws(UnsendableCloseCode)
        -> [Action]
    {
        guard code.isSendable || code == .noCode else { throw UnsendableCloseCode(code: code) }
        switch state {
        case .open:
            state = .closing
            return [.send(ClosePayload(code: code, reason: reason)), .startDeadline]
        // The frames cross: ours has its own code, and the other side's is here already.
        case .answering: return answer(ClosePayload(code: code, reason: reason))
        case .closing, .closed: return []
        }
    }

    /// The other side's close frame arrived. It is answered with the same code (§5.5.1) once the messages before it are
    /// handled, unless our close frame is out already.
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

    /// The other side broke the protocol, or went over a limit (§7.1.7). The messages before that are still handled and
    /// answered; then our close frame says why.
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

    /// The messages that arrived before the other side's close frame are handled and their answers are queued.
    package mutating func answered() -> [Action] {
        guard case .answering(let payload) = state else { return [] }
        return answer(payload)
    }

    /// The other side sends no more bytes, and may still read.
    package mutating func inputEnded(_ reason: String = "") -> [Action] {
        switch state {
        // Its close frame is here; the answers and ours can still be written.
        case .answering: return []
        case .open, .closing, .closed: return transportLost(reason) + [.shutTransport]
        }
    }

    /// The transport ended, in whatever way.
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

    /// The deadline has passed: for the other side's close frame, for the answers that precede ours, or for the server
    /// to end the transport.
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

    /// Both close frames are out. The server ends the transport first, so that it is the client's port that lingers
    /// (§7.1.1).
    private mutating func finish() -> Action {
        state = .closed(awaitsTransport: role == .client)
        return role == .server ? .shutTransport : .startDeadline
    }
}
