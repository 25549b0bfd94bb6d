public import StraitCore

/// A complete WebSocket message, text or binary, from any number of frames (RFC 6455 §5.6).
///
/// Forwarding a message shares its ``payload``. It neither copies the bytes nor creates a `String`.
public struct Message: Sendable, Hashable {
    /// The type of a message.
    public enum Kind: Sendable, Hashable {
        /// Valid UTF-8 text.
        case text
        /// Arbitrary bytes.
        case binary
    }

    /// The message's type.
    public let kind: Kind
    /// The message's bytes; valid UTF-8 for a text message.
    public let payload: Bytes

    /// Creates a message from a binary payload, or from text whose UTF-8 has been checked.
    @inlinable
    package init(_ kind: Kind, validated payload: Bytes) {
        self.kind = kind
        self.payload = payload
    }

    /// Creates a text message.
    public init(text: String) {
        self.init(.text, validated: Bytes(text))
    }

    /// Creates a text message from UTF-8; nil if the bytes are not valid UTF-8.
    public init?(text utf8: Bytes) {
        guard UTF8Validator.isValid(utf8.span) else { return nil }
        self.init(.text, validated: utf8)
    }

    /// Creates a binary message.
    public init(binary bytes: Bytes) {
        self.init(.binary, validated: bytes)
    }

    /// Creates a text message.
    public static func text(_ text: String) -> Message { Message(text: text) }

    /// Creates a binary message.
    public static func binary(_ bytes: Bytes) -> Message { Message(binary: bytes) }

    /// The text, created on each access; nil for a binary message.
    public var text: String? {
        guard kind == .text else { return nil }
        // SAFETY: every initializer for text messages checks the UTF-8, or requires that the caller did.
        return unsafe String(copying: UTF8Span(unchecked: payload.span))
    }

    /// The bytes of a binary message; nil for a text message, whose UTF-8 is ``payload``.
    public var bytes: Bytes? { kind == .binary ? payload : nil }
}

extension Message: CustomStringConvertible {
    /// The message's type and size, without its content, because logs must not contain secrets.
    public var description: String {
        "\(kind == .text ? "text" : "binary") message of \(payload.count) bytes"
    }
}

/// A connection's endpoint. A client masks its frames, and a server must not (RFC 6455 §5.1).
package enum Role: Sendable {
    case server
    case client
}
