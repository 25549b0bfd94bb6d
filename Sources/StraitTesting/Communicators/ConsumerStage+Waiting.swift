import StraitCore
public import StraitHTTP
public import StraitWebSocket

/// Waiting for the stage's outputs.
extension ConsumerStage {
    /// Returns whether no output arrives for `duration`.
    func isQuiet(for duration: Duration, at place: TestLoop) async throws -> Bool {
        do {
            guard let output = try await place.next(of: outbox, within: duration, takes: false, for: "nothing") else {
                return true
            }
            if case .failure(let failure) = output {
                _ = outbox.take()
                throw failure
            }
            return false
        } catch let error as CommunicatorError where error.code == .timeout || error.code == .idle {
            return true
        }
    }

    /// Waits until the consumer has ended, and throws the first failure that has not been thrown yet.
    func waitForEnd(within limit: Duration, at place: TestLoop) async throws {
        let deadline = ContinuousClock.now + limit
        while !outbox.hasEnded {
            let left = ContinuousClock.now.duration(to: deadline)
            let isSettled = await place.clock?.isSettled(within: max(left, .milliseconds(1))) ?? false
            if outbox.hasEnded { break }
            let purpose = "the end of the consumer"
            if isSettled { throw CommunicatorError(idleWhile: purpose) }
            if left <= .zero { throw CommunicatorError(timeout: limit, purpose) }
            await outbox.waitForEnd(within: place.clock == nil ? left : min(left, .milliseconds(1)))
            try Task.checkCancellation()
        }
        for case .failure(let failure) in outbox.elements {
            outbox.removeAll()
            throw failure
        }
    }
}

/// An output of a consumer: Channels' `websocket.accept`, `websocket.send` and `websocket.close`.
public enum ConsumerOutput: Sendable {
    /// The consumer accepted the handshake, optionally with one of the client's subprotocols and with headers of the
    /// response. The headers include those that middleware added.
    case accept(subprotocol: String?, headers: HTTPFields)
    /// The consumer, or the routing, refused the handshake with a response.
    case deny(Response)
    /// The consumer sent a message.
    case send(Message)
    /// The consumer closed the socket. Before acceptance, this refuses the handshake.
    case close(CloseCode, reason: String)
}

extension ConsumerOutput: CustomStringConvertible {
    /// The output, phrased as the end of a sentence: `closed the socket with 4007 "too late"`.
    public var description: String {
        switch self {
        case .accept(let subprotocol, _):
            "accepted the handshake" + (subprotocol.map { " with the subprotocol \($0)" } ?? "")
        case .deny(let response): "refused the handshake with \(response.status)"
        case .send(let message):
            message.text.map { "sent the text \(Self.quoted($0))" } ?? "sent \(message.payload.count) bytes"
        case .close(let code, let reason):
            "closed the socket with \(code)" + (reason.isEmpty ? "" : " " + Self.quoted(reason))
        }
    }

    /// Returns the first 100 characters of `text` in quotation marks.
    private static func quoted(_ text: String) -> String {
        (text.count > 100 ? text.prefix(100) + "…" : text[...]).debugDescription
    }
}
