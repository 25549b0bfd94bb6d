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
        /// The WebSocket is over, and this is how.
        case report(Close)
    }

    private enum State {
        case open
        /// We sent a close frame; the other side's is to come.
        case closing
        /// It was reported. A client then waits for the server to end the transport (§7.1.1).
        case closed(awaitsTransport: Bool)
    }

    private let role: Role
    private var state = State.open

    /// An open WebSocket.
    package init(role: Role = .server) {
        self.role = role
    }

    /// Whether messages, pings and pongs may be sent: not after a close frame (§5.5.1).
    package var maySend: Bool {
        if case .open = state { true } else { false }
    }

    /// Whether what arrives still has to be read: after our close frame, until theirs.
    package var mayReceive: Bool {
        if case .closed = state { false } else { true }
    }

    /// We want to end it. Once it is ending this changes nothing.
    ///
    /// - Throws: where `code` must not travel (§7.4); ``CloseCode/noCode`` may and sends none.
    package mutating func close(_ code: CloseCode = .normal, reason: String = "") throws(UnsendableCloseCode)
        -> [Action]
    {
        guard code.isSendable || code == .noCode else { throw UnsendableCloseCode(code: code) }
        guard case .open = state else { return [] }
        state = .closing
        return [.send(ClosePayload(code: code, reason: reason)), .startDeadline]
    }

    /// The other side's close frame arrived: it is answered with the same code (§5.5.1), unless ours is out already, be
    /// it that theirs answers it or that the two crossed.
    package mutating func received(_ peer: ClosePayload) -> [Action] {
        let close = Close(code: peer.code, reason: peer.reason, wasClean: true)
        switch state {
        case .open: return [.send(ClosePayload(code: peer.code))] + finish(close)
        case .closing: return finish(close)
        case .closed: return []
        }
    }

    /// The other side broke the protocol, or went over a limit (§7.1.7).
    package mutating func failed(_ error: WebSocketError) -> [Action] {
        let close = Close(code: .abnormal, reason: error.reason, wasClean: false)
        switch state {
        case .open:
            state = .closed(awaitsTransport: false)
            return [.send(ClosePayload(code: error.code, reason: error.reason)), .shutTransport, .report(close)]
        case .closing:
            state = .closed(awaitsTransport: false)
            return [.shutTransport, .report(close)]
        case .closed: return []
        }
    }

    /// The transport ended, in whatever way.
    package mutating func transportLost(_ reason: String = "") -> [Action] {
        switch state {
        case .open, .closing:
            state = .closed(awaitsTransport: false)
            return [.report(Close(code: .abnormal, reason: reason, wasClean: false))]
        case .closed:
            state = .closed(awaitsTransport: false)
            return []
        }
    }

    /// The other side took too long for its close frame, or a server for ending the transport.
    package mutating func deadlinePassed() -> [Action] {
        switch state {
        case .open: return []
        case .closing:
            state = .closed(awaitsTransport: false)
            let close = Close(code: .abnormal, reason: "no close frame in time", wasClean: false)
            return [.abortTransport, .report(close)]
        case .closed(let awaitsTransport):
            state = .closed(awaitsTransport: false)
            return awaitsTransport ? [.abortTransport] : []
        }
    }

    /// Both close frames are out. The server ends the transport first, so that it is the client's port that lingers
    /// (§7.1.1).
    private mutating func finish(_ close: Close) -> [Action] {
        state = .closed(awaitsTransport: role == .client)
        return [role == .server ? .shutTransport : .startDeadline, .report(close)]
    }
}
