import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitWebSocket

/// Log lines about the end of a socket, with advice for developers.
extension WebSocketDriver {
    /// Logs the end of a socket. `close` has the code of the peer's close frame; `ours` is the code that this side
    /// sent, if any.
    func logEnd(_ close: Close, ours: CloseCode?) {
        let code = ours ?? close.code
        server.accessLog?.disconnected(peer: client, path: exchange.head.rawPath, code: code.rawValue)
        server.log.info(
            "websocket closed",
            metadata: place.merging([
                "code": "\(code)", "peer": "\(close.code)", "reason": "\(close.reason)", "clean": "\(close.wasClean)",
                "client": "\(client)",
            ]))
        guard server.configuration.explainsRefusals, let ours, let advice = Self.advice(on: ours, server.configuration)
        else { return }
        server.log.warning("The server closed a socket with \(ours). \(advice)", metadata: place)
    }

    private static func advice(on code: CloseCode, _ configuration: ServerConfiguration) -> String? {
        switch code {
        case .messageTooBig:
            """
            A message may have at most \(configuration.messageLimits.message) bytes. Allow more with \
            --max-message-size, or send large data in pieces.
            """
        case .invalidData:
            """
            The close reason names the error in the message. If a text message was not UTF-8, send the bytes in a \
            binary message.
            """
        case .protocolError:
            """
            The client, or a proxy in front of the server, does not follow RFC 6455. Try another client to find out \
            which.
            """
        case .unsupportedData:
            """
            The consumer does not accept this kind of message: the client sent text instead of bytes, or the reverse.
            """
        case .policyViolation:
            "The consumer refused a message, or a text has more combining marks in a row than any language needs."
        case .internalError:
            "The consumer failed; the error is logged above."
        default: nil
        }
    }
}

extension Responder {
    /// Logs a refused handshake with the response's status.
    func logRejection(_ status: HTTPStatus) {
        server.log.info("websocket rejected", metadata: rejection(status))
        guard server.configuration.explainsRefusals, let advice = advice(on: status) else { return }
        server.log.warning("A handshake was refused with \(status.code). \(advice)", metadata: place)
    }

    private func rejection(_ status: HTTPStatus) -> LogMetadata {
        var details = place
        if let consumer = refusal.consumer { details["consumer"] = "\(consumer)" }
        return details.merging([
            "status": "\(status.code)", "reason": "\(refusal.reason)", "client": "\(client)",
        ])
    }

    private func advice(on status: HTTPStatus) -> String? {
        switch status {
        case .badRequest, .upgradeRequired:
            if isMalformed {
                "The request is not a valid WebSocket handshake (RFC 6455). The response names the error."
            } else if refusal.consumer != nil {
                "connect() threw an error, or a group's name is not valid; the line above has the reason."
            } else {
                nil
            }
        case .forbidden:
            "The consumer's connect() called close(), or middleware refused the Origin or the user."
        case .serviceUnavailable:
            "connect() must call accept(), close() or deny() within ServerConfiguration.handshakeTimeout."
        case .internalServerError:
            "connect() or middleware failed; the error is logged above."
        default: nil
        }
    }

    /// Logs, for developers, that no route matches a socket's path, and suggests a similar path that has one.
    func explainMissingRoute(_ scope: Scope) async {
        guard server.configuration.explainsRefusals else { return }
        let path = scope.path
        let similar = path.utf8.last == UInt8(ascii: "/") ? String(path.unicodeScalars.dropLast()) : path + "/"
        let advice =
            await isSocketRoute(similar, scope)
            ? "Did you mean \(similar)?"
            : "Add a route for it to the site; the command routes lists the existing ones."
        server.log.warning("No socket route matches. \(advice)", metadata: ["path": "\(path)"])
    }

    private func isSocketRoute(_ path: String, _ scope: Scope) async -> Bool {
        guard !path.isEmpty else { return false }
        let similar = Scope(
            type: .webSocket, scheme: scope.scheme, path: path, rootPath: scope.rootPath,
            queryString: scope.queryString, headers: scope.headers, client: scope.client, server: scope.server,
            subprotocols: scope.subprotocols)
        // An error of the application counts as no match, because the lookup only serves the suggestion.
        guard let resolution = try? await server.application.resolve(similar) else { return false }
        if case .webSocket = resolution.endpoint { return true }
        return false
    }
}
