internal import FoundationEssentials
import StraitJSON

/// The part of a message that is being coded.
enum TaggedRole {
    /// The message itself. If it is an enum, its keys are the cases.
    case message
    /// The labels of a case.
    case members
    /// The unlabelled payload of a case.
    case payload

    /// Whether values of this type are coded as one value. Only the coder knows how to code some of them.
    static func isScalar(_ type: Any.Type) -> Bool {
        type == String.self || type == Int.self || type == Bool.self || type == Double.self || type == Date.self
            || type == Data.self || type == URL.self || type == Decimal.self
    }

    /// Whether a key type has a fixed set of keys, as an enum does. A dictionary's keys are open.
    static func isClosed<Key: CodingKey>(_ type: Key.Type) -> Bool { TypeFacts.of(key: type).contains(.isClosed) }

    /// Whether a key type belongs to the labels of one case. Types with custom coding may have similar keys; see
    /// ``TaggedEncoder/isPlain(_:)``.
    static func isCase<Key: CodingKey>(_ type: Key.Type) -> Bool { TypeFacts.of(key: type).contains(.isCase) }

    /// Whether `key` is that of a case's only unlabelled payload.
    static func isPayload<Key: CodingKey>(_ key: Key) -> Bool {
        key.stringValue == "_0" && Key(stringValue: "_1") == nil
    }
}
