import StraitJSON

extension LayerValue: Codable {
    /// Decodes any value. JSON from Strait's own coder is read directly from the document.
    public init(from decoder: any Decoder) throws {
        if let json = decoder as? JSONValueDecoder {
            self = try Self.reading(json) { document, index throws(JSONError) in try LayerValue(document, index) }
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([LayerValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode(LayerMessage.self))
        }
    }

    /// Encodes the value.
    ///
    /// - Throws: `EncodingError` for bytes, which JSON cannot represent.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .bytes:
            throw EncodingError.invalidValue(
                self,
                EncodingError.Context(
                    codingPath: encoder.codingPath,
                    debugDescription: "JSON cannot represent bytes. Encode them as text, for example in base64."))
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// Reads a value directly from a document, without trying one type after the other.
    static func reading<Value>(
        _ decoder: JSONValueDecoder, _ read: (JSONDocument, Int) throws(JSONError) -> Value
    ) throws -> Value {
        let value = try decoder.value()
        do throws(JSONError) {
            return try read(value.document, value.index)
        } catch {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: value.codingPath, debugDescription: error.description, underlyingError: error))
        }
    }
}

extension LayerMessage: Codable {
    /// Decodes an object with any keys.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: JSONKey.self)
        if let json = decoder as? JSONValueDecoder {
            self = try LayerValue.reading(json) { document, index throws(JSONError) in try LayerMessage(document, index)
            }
            return
        }
        self.init()
        for key in container.allKeys { self[key.stringValue] = try container.decode(LayerValue.self, forKey: key) }
    }

    /// Encodes the keys and values in order.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: JSONKey.self)
        for (key, value) in elements { try container.encode(value, forKey: JSONKey(key)) }
    }
}
