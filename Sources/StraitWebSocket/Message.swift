public import StraitNetwork

/// What a WebSocket carries one way: a text or some bytes, whole, however many frames it took (RFC 6455 §5.6).
///
/// Passing a message on costs no copy and makes no `String`: its ``payload`` is shared.
public struct Message: Sendable, Hashable {
    /// What the payload is meant as.
    public enum Kind: Sendable, Hashable {
        /// UTF-8, checked.
        case text
        /// Any bytes.
        case binary
    }

    /// What the payload is meant as.
    public let kind: Kind
    /// The bytes; for a text its UTF-8, which is valid.
    public let payload: Bytes

    /// For payloads whose UTF-8 was checked, or which are binary.
    @inlinable
    package init(_ kind: Kind, validated payload: Bytes) {
        self.kind = kind
        self.payload = payload
    }

    /// A text message.
    public init(text: String) {
        self.init(.text, validated: Bytes(text))
    }

    /// A text message of bytes that are UTF-8 already, or nil where they are not.
    public init?(text utf8: Bytes) {
        guard UTF8Validator.isValid(utf8.span) else { return nil }
        self.init(.text, validated: utf8)
    }

    /// A binary message.
    public init(binary bytes: Bytes) {
        self.init(.binary, validated: bytes)
    }

    /// A text message.
    public static func text(_ text: String) -> Message { Message(text: text) }

    /// A binary message.
    public static func binary(_ bytes: Bytes) -> Message { Message(binary: bytes) }

    /// The text, made anew at each call; nil for a binary message.
    public var text: String? {
        guard kind == .text else { return nil }
        // Sound: whoever makes a text message has checked its UTF-8.
        return unsafe String(copying: UTF8Span(unchecked: payload.span))
    }

    /// The bytes of a binary message; nil for a text, whose UTF-8 is ``payload``.
    public var bytes: Bytes? { kind == .binary ? payload : nil }
}

extension Message: CustomStringConvertible {
    /// What it is and how long, not what it says: messages may hold secrets, and this goes to logs.
    public var description: String {
        "\(kind == .text ? "text" : "binary") message of \(payload.count) bytes"
    }
}
