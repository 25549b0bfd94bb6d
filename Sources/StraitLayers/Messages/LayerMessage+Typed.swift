import StraitJSON

extension LayerMessage {
    /// The message that `value` travels as.
    ///
    /// The type of a ``ChannelMessage`` is its own, that of an enum's case the case's name: `case said(text: String)` is
    /// `{"type": "said", "text": …}`, as on a socket.
    ///
    /// - Throws: `EncodingError`; ``LayerError/invalidMessage(_:)`` for what has no type, or one that no handler can have.
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
                "A \(Value.self) has no type to travel under. Send an enum's case, or conform \(Value.self) to ChannelMessage."
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
        // A struct without members encodes nothing at all.
        case .null: break
        default:
            throw LayerError.invalidMessage(
                "A \(Swift.type(of: value)) is not encoded as an object, so it has no place for its type. Make it a struct."
            )
        }
    }

    /// The value that this message carries, made with ``init(encoding:)`` or by Channels.
    ///
    /// - Throws: `DecodingError` for another shape, and for another type.
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

    /// What is under `key`, as a `Value`.
    ///
    /// ```swift
    /// on("chat.message") { consumer, message in
    ///     let text: String = try message.value("text")
    /// }
    /// ```
    ///
    /// - Throws: ``LayerError/invalidMessage(_:)`` where there is nothing, or something else.
    public func value<Value: Decodable>(_ key: String, as type: Value.Type = Value.self) throws(LayerError) -> Value {
        let kind = self.type.map { "A message of type '\($0)'" } ?? "A message without a type"
        guard let value = self[key] else { throw .invalidMessage("\(kind) has no '\(key)'.") }
        do {
            return try LayerDecoder.decode(type, from: value)
        } catch {
            throw .invalidMessage("\(kind) has something else under '\(key)' than a \(type).")
        }
    }

    private func mismatch(_ type: String?, expected: [String]) -> DecodingError {
        let found = type.map { "There is no '\($0)' here" } ?? "The message has no type"
        let known = expected.isEmpty ? "." : ", only \(expected.joined(separator: ", "))."
        return .dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: found + known))
    }

    /// Whether a handler may be registered for `type`, and a message be dispatched by it. Channels makes method names of
    /// types, and refuses those that would be private.
    package static func isType(_ type: String) -> Bool {
        !type.isEmpty && type.first != "_" && type.first != "."
    }

    /// What is wrong with a type that ``isType(_:)`` refuses.
    package static func malformed(_ type: String) -> String {
        "Malformed type '\(type)' in a message: it must not be empty or begin with a period or an underscore."
    }
}
