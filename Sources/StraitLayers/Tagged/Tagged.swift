internal import FoundationEssentials

/// A value whose enum cases travel with their name under `type`: `case say(text: String)` is
/// `{"type":"say","text":"hi"}` and not the language's own `{"say":{"text":"hi"}}`.
///
/// - A case without a payload is `{"type":"typing"}`.
/// - An unlabelled payload that is an object lies beside `type`: `{"type":"contact","name":"Ann"}`. Any other is under
///   `value`: `{"type":"joined","value":"Ann"}`.
/// - Structs, dictionaries, arrays and scalars, and everything further inside, are coded as ever.
///
/// It works with any coder, such as that of ``LayerMessage``. `JSONCoder` does the same without it, and faster.
///
/// A type is named as its coding key is: `enum CodingKeys: String, CodingKey { case say = "chat.say" }` renames it.
package struct Tagged<Value> {
    /// What is coded.
    package let value: Value

    /// For encoding.
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
