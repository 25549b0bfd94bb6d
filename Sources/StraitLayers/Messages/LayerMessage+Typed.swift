import StraitJSON

extension LayerMessage {
    /// Encodes `value` as a message.
    ///
    /// A ``ChannelMessage`` has its own type. For an enum, the type is the case name: `case said(text: String)` becomes
    /// `{"type": "said", "text": …}`, as on a socket.
    ///
    /// - Throws: `EncodingError`; ``LayerError/invalidMessage(_:)`` if `value` has no type, or a type that no handler
    ///   can have.
    public init<Value: Encodable & Sendable>(encoding value: Value) throws {
        let encoded: LayerValue
        if let message = value as? LayerMessage {
            encoded = .object(message)
        } else if let value = value as? any LayerMessageConvertible {
            encoded = .object(value.layerMessage)
        } else if let kind = Value.self as? any ChannelMessage.Type {
            encoded = .object(try Self(typed: kind.type, value))
        } else {
            encoded = try LayerEncoder.value(of: Tagged(value))
        }
        guard let message = encoded.object, let type = message.type else {
            throw LayerError.invalidMessage(
                """
                \(Value.self) has no message type. Send an enum's case, or conform \(Value.self) to ChannelMessage.
                """
            )
        }
        guard Self.isType(type) else { throw LayerError.invalidMessage(Self.malformed(type)) }
        self = message
    }

    private init(typed type: String, _ value: some Encodable) throws {
        self = ["type": .string(type)]
        let members = try LayerEncoder.value(of: value)
        switch members {
        case .object(let members): for (key, value) in members.elements where key != "type" { self[key] = value }
        // A struct without members encodes as null.
        case .null: break
        default:
            throw LayerError.invalidMessage(
                """
                \(Swift.type(of: value)) is not encoded as an object, so its type cannot be added. Make it a struct.
                """
            )
        }
    }

    /// Decodes the value of a message from ``init(encoding:)`` or from Channels.
    ///
    /// - Throws: `DecodingError` if the message has an unexpected type or shape.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        if let message = self as? Value { return message }
        if let kind = type as? any LayerMessageConvertible.Type, let value = try kind.init(self) as? Value {
            return value
        }
        if let kind = type as? any ChannelMessage.Type {
            guard self.type == kind.type else { throw mismatch(self.type, expected: [kind.type]) }
            return try LayerDecoder.decode(type, from: .object(self))
        }
        do {
            return try LayerDecoder.decode(Tagged<Value>.self, from: .object(self)).value
        } catch let error as UnknownMessageType {
            throw mismatch(error.type, expected: error.known)
        }
    }

    /// Decodes the value of `key`.
    ///
    /// ```swift
    /// on("chat.message") { consumer, message in
    ///     let text: String = try message.value("text")
    /// }
    /// ```
    ///
    /// - Throws: ``LayerError/invalidMessage(_:)`` if the key is missing or its value cannot be decoded.
    public func value<Value: Decodable>(_ key: String, as type: Value.Type = Value.self) throws(LayerError) -> Value {
        let kind = self.type.map { "A message of type '\($0)'" } ?? "A message without a type"
        guard let value = self[key] else { throw .invalidMessage("\(kind) has no '\(key)'.") }
        do {
            return try LayerDecoder.decode(type, from: value)
        } catch {
            throw .invalidMessage("\(kind) has a value under '\(key)' that cannot be decoded as \(type).")
        }
    }

    private func mismatch(_ type: String?, expected: [String]) -> DecodingError {
        let found = type.map { "Unknown message type '\($0)'" } ?? "The message has no type"
        let known = expected.isEmpty ? "." : "; expected \(expected.joined(separator: ", "))."
        return .dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: found + known))
    }

    /// Whether a handler can be registered for `type`. Channels makes method names of types, and rejects names that
    /// would be private.
    package static func isType(_ type: String) -> Bool {
        !type.isEmpty && type.first != "_" && type.first != "."
    }

    /// Returns the error text for a type that ``isType(_:)`` rejects.
    package static func malformed(_ type: String) -> String {
        "Malformed type '\(type)' in a message: it must not be empty or begin with a period or an underscore."
    }
}
