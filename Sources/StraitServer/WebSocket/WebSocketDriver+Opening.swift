import StraitConsumers
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// The opening handshake: from the consumer's decision to the answer.
extension WebSocketDriver {
    func accept(subprotocol: String?, headers: HTTPFields) {
        guard let opening else { return }
        do {
            let answer = try opening.accept(
                subprotocol: subprotocol, headers: headers, compression: server.configuration.compression)
            try exchange.upgrade(answer.head)
            accepted(answer.deflate)
        } catch {
            server.log.error("The handshake for \(exchange.head.rawPath) could not be accepted: \(error)")
            deny(.status(.internalServerError))
        }
    }

    var acceptChanges: [Resolution.AcceptChange] { opening?.resolution.acceptChanges ?? [] }

    func deny(_ response: Response) {
        // The handler that refuses goes on to its end: nothing was lost.
        refuse(response, "The handshake was refused.", isLoss: false)
    }

    /// Answers the handshake with `response`. A loss also cancels the handler that has not decided.
    func refuse(_ response: Response, _ reason: String, isLoss: Bool) {
        guard !isAccepted, !isOver else { return }
        isOver = true
        loop.disarm(timer)
        opening?.responder.sendLater(response, changedBy: opening?.resolution)
        opening = nil
        over(reason, isLoss: isLoss)
    }

    /// It was over before it was accepted.
    func over(_ reason: String, isLoss: Bool) {
        session?.end(Close(code: .abnormal, reason: reason, wasClean: false), isLoss: isLoss)
    }
}
