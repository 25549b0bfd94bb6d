/// A header of the response to a handshake.
package struct HandshakeField: Hashable, Sendable {
    /// The name, in any case.
    package let name: String
    /// The value, without white space around it.
    package let value: String

    /// Creates a header without checking it. ``HandshakeOffer/accept(status:fields:subprotocol:headers:deflate:)``
    /// checks it.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether an application may add the header. It must be well-formed (RFC 9110 §5.5), so that its value cannot add
    /// another header. It must not be one that the handshake or the message framing sets.
    var isAllowedInAnswer: Bool {
        guard !name.isEmpty, name.utf8.allSatisfy(TokenScanner.isTokenByte) else { return false }
        guard value.utf8.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else { return false }
        switch name.lowercased() {
        case "connection", "upgrade", "content-length", "transfer-encoding", "trailer", "keep-alive": return false
        case let name: return !name.hasPrefix("sec-websocket-")
        }
    }
}
