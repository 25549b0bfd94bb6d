internal import StraitHTTP

/// A token that a client sent with a request or a handshake.
struct BearerToken {
    /// The token, not yet checked.
    let text: String
    /// Whether it was sent as a subprotocol.
    let isSubprotocol: Bool

    /// The subprotocol that precedes the token. The server selects it if the consumer selects none, because a browser
    /// closes a socket if the server ignores all of its subprotocols (RFC 6455 §4.1).
    static let subprotocol = "strait.bearer"

    /// Reads the token, and removes the subprotocols that carry it from the scope. Returns nil if there is none.
    init?(takenFrom scope: inout Scope) {
        if let text = Self.text(in: scope.headers) {
            self.init(text: text, isSubprotocol: false)
            return
        }
        let offered = scope.subprotocols
        guard scope.type == .webSocket, let place = offered.firstIndex(of: Self.subprotocol), place + 1 < offered.count
        else { return nil }
        scope.subprotocols.removeSubrange(place...place + 1)
        self.init(text: offered[place + 1], isSubprotocol: true)
    }

    private init(text: String, isSubprotocol: Bool) {
        self.text = text
        self.isSubprotocol = isSubprotocol
    }

    /// Reads `Authorization: Bearer TOKEN` (RFC 6750 §2.1). The scheme is case-insensitive (RFC 9110 §11.1).
    private static func text(in headers: HTTPFields) -> String? {
        guard let value = headers["authorization"] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let text = parts[1].drop { $0 == " " }
        return text.isEmpty ? nil : String(text)
    }

    /// The response to an invalid token (RFC 6750 §3.1).
    static var refusal: Response {
        var response = Response.text(
            "The access token is not accepted: it is invalid, expired or revoked. Log in again to get a new one.\n",
            status: .unauthorized)
        response.headers["www-authenticate"] = "Bearer error=\"invalid_token\""
        return response
    }
}
