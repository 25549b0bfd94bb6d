internal import FoundationEssentials
import StraitJSON

/// What part of a message is being coded.
enum TaggedRole {
    /// The message itself; where it is an enum, its keys are the cases.
    case message
    /// The labels of a case.
    case members
    /// The unlabelled payload of a case.
    case payload

    /// Whether values of this type are coded in one piece, some of them in a way that only the coder itself knows.
    static func isScalar(_ type: Any.Type) -> Bool {
        type == String.self || type == Int.self || type == Bool.self || type == Double.self || type == Date.self
            || type == Data.self || type == URL.self || type == Decimal.self
    }

    /// Whether a key type knows its keys, as an enum does. A dictionary's keys are open.
    static func isClosed<Key: CodingKey>(_ type: Key.Type) -> Bool { TypeFacts.of(key: type).contains(.isClosed) }

    /// Whether a key type is that of the labels of one case. Types that are coded by hand may have such too; see
    /// ``TaggedEncoder/isPlain(_:)``.
    static func isCase<Key: CodingKey>(_ type: Key.Type) -> Bool { TypeFacts.of(key: type).contains(.isCase) }

    /// Whether `key` is that of a case's only unlabelled payload.
    static func isPayload<Key: CodingKey>(_ key: Key) -> Bool {
        key.stringValue == "_0" && Key(stringValue: "_1") == nil
    }
}
