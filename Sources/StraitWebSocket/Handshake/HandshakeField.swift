/// A field of a handshake's answer.
package struct HandshakeField: Hashable, Sendable {
    /// In any case.
    package let name: String
    /// Without the white space around it.
    package let value: String

    /// Not checked; see ``HandshakeOffer/accept(status:fields:subprotocol:headers:deflate:)``.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether an application may add it: well-formed (RFC 9110 §5.5, so nobody smuggles a line in), and not one that
    /// the handshake itself or the message's framing decides about.
    var isAllowedInAnswer: Bool {
        guard !name.isEmpty, name.utf8.allSatisfy(TokenScanner.isTokenByte) else { return false }
        guard value.utf8.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else { return false }
        switch name.lowercased() {
        case "connection", "upgrade", "content-length", "transfer-encoding", "trailer", "keep-alive": return false
        case let name: return !name.hasPrefix("sec-websocket-")
        }
    }
}
