/// A JSON value of a fixture.
enum FixtureValue: Sendable, Hashable, Codable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case array([FixtureValue])
    case object([Member])

    /// A key of an object and its value.
    struct Member: Sendable, Hashable {
        var key: String
        var value: FixtureValue
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            self = .object(
                try container.allKeys.map { key in
                    Member(key: key.stringValue, value: try container.decode(FixtureValue.self, forKey: key))
                })
        } else if var container = try? decoder.unkeyedContainer() {
            var values: [FixtureValue] = []
            while !container.isAtEnd { values.append(try container.decode(FixtureValue.self)) }
            self = .array(values)
        } else {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? container.decode(Int64.self) {
                self = .integer(value)
            } else if let value = try? container.decode(Double.self) {
                self = .double(value)
            } else {
                self = .string(try container.decode(String.self))
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: Key.self)
            for member in members { try container.encode(member.value, forKey: Key(stringValue: member.key)) }
        case .array(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .boolean(let value): try Self.write(value, to: encoder)
        case .integer(let value): try Self.write(value, to: encoder)
        case .double(let value): try Self.write(value, to: encoder)
        case .string(let value): try Self.write(value, to: encoder)
        }
    }

    private static func write(_ value: some Encodable, to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    /// Returns the value of an object's key, or nil.
    subscript(key: String) -> FixtureValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The text of a string, or nil.
    var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }
}
