internal import FoundationEssentials
import StraitJSON

/// A value whose enum cases are coded with their name under `type`: `case say(text: String)` becomes
/// `{"type":"say","text":"hi"}`, instead of Swift's default `{"say":{"text":"hi"}}`.
///
/// - A case without a payload becomes `{"type":"typing"}`.
/// - The members of an unlabelled object payload are next to `type`: `{"type":"contact","name":"Ann"}`. Any other
///   unlabelled payload is under `value`: `{"type":"joined","value":"Ann"}`.
/// - Structs, dictionaries, arrays, scalars and nested values are coded as usual.
///
/// It works with any coder, such as that of ``LayerMessage``. `JSONCoder` does the same without this wrapper, and
/// faster.
///
/// The type is the case's coding key: `enum CodingKeys: String, CodingKey { case say = "chat.say" }` renames it.
package struct Tagged<Value> {
    /// The wrapped value.
    package let value: Value

    /// Wraps `value` for encoding.
    package init(_ value: Value) {
        self.value = value
    }
}

extension Tagged: Sendable where Value: Sendable {}

extension Tagged: Encodable where Value: Encodable {
    package func encode(to encoder: any Encoder) throws {
        if TaggedRole.isScalar(Value.self) {
            var container = encoder.singleValueContainer()
            try container.encode(value)
        } else {
            let tagged = TaggedEncoder(encoder, .message, of: value)
            try value.encode(to: tagged)
            if let failure = tagged.failure { throw failure }
        }
    }
}

extension Tagged: Decodable where Value: Decodable {
    package init(from decoder: any Decoder) throws {
        if TaggedRole.isScalar(Value.self) {
            value = try decoder.singleValueContainer().decode(Value.self)
            return
        }
        let tagged = TaggedDecoder(decoder, .message)
        do {
            value = try Value(from: tagged)
        } catch {
            throw tagged.failure ?? error
        }
    }
}

/// Any key of a tagged object.
struct TagKey: CodingKey {
    static let type = TagKey(stringValue: "type")
    static let value = TagKey(stringValue: "value")

    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }

    init(_ key: some CodingKey) {
        self.init(stringValue: key.stringValue)
    }
}

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
