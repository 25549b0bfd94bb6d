import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitWebSocket

/// The opening handshake, from the consumer's decision to the response.
extension WebSocketDriver {
    func accept(subprotocol: String?, headers: HTTPFields) {
        guard let opening else { return }
        do {
            let acceptance = try opening.request.accept(
                subprotocol: subprotocol, headers: headers, deflate: server.configuration.compression)
            try exchange.upgrade(acceptance.head)
            accepted(acceptance.deflate)
        } catch {
            server.log.error("The handshake could not be accepted: \(error)", metadata: place)
            deny(.status(.internalServerError))
        }
    }

    var acceptChanges: [Resolution.AcceptChange] { opening?.resolution.acceptChanges ?? [] }

    func deny(_ response: Response) {
        // The handler that refuses continues until it returns, because nothing was lost.
        let why = response.status == .internalServerError ? "the consumer failed" : "refused by the consumer"
        refuse(response, "The handshake was refused.", why, isLoss: false)
    }

    /// Answers the handshake with `response`.
    ///
    /// - Parameters:
    ///   - reason: The reason for the consumer's `disconnect`.
    ///   - why: The reason for the log.
    ///   - isLoss: Whether to cancel a handler that has not decided.
    func refuse(_ response: Response, _ reason: String, _ why: String, isLoss: Bool) {
        guard !isAccepted, !hasEnded else { return }
        hasEnded = true
        loop.disarm(timer)
        opening?.responder.refusal = (session?.name, why)
        opening?.responder.sendLater(response, changedBy: opening?.resolution)
        opening = nil
        endSession(reason, isLoss: isLoss)
    }

    /// The path of the socket and its consumer, as metadata, because the client chose the path.
    var place: LogMetadata {
        var place: LogMetadata = ["path": "\(exchange.head.rawPath)"]
        if let session { place["consumer"] = "\(session.name)" }
        return place
    }

    /// Ends the session of a socket that was never accepted.
    func endSession(_ reason: String, isLoss: Bool) {
        session?.end(Close(code: .abnormal, reason: reason, wasClean: false), isLoss: isLoss)
    }
}

/// A WebSocket handshake from its arrival until it is accepted or refused (RFC 6455 §4.2).
struct OpeningHandshake {
    /// The client's request.
    let request: HandshakeRequest
    /// The responder, which sends a refusal.
    let responder: Responder
    /// The result of routing, including middleware's changes of the response.
    let resolution: Resolution
}
