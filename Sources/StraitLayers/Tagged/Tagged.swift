internal import FoundationEssentials

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
