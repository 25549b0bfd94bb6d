public import StraitCore
import StraitHTTP
import StraitJSON
public import StraitLayers
import StraitRouting
public import StraitWebSocket

/// A consumer with JSON messages: Channels' `AsyncJsonWebsocketConsumer`.
///
/// Enum cases are coded with their name under `type`:
///
/// ```swift
/// enum Command: Codable { case say(text: String), typing }
/// enum Event: Codable { case said(text: String), error(String) }
///
/// final class Chat: JSONConsumer<Command, Event> {
///     override func receive(_ command: Command) async throws {
///         switch command {
///         case .say(let text): try send(.said(text: text))      // {"type":"said","text":"hi"}
///         case .typing: break                                   // from {"type":"typing"}
///         }
///     }
/// }
/// ```
///
/// A case's labelled values are members next to `type`, as are the members of an unlabelled object. Any other
/// unlabelled value is under `value`. Structs, dictionaries and arrays are ordinary JSON. See ``/StraitJSON/JSONCoder``
/// for dates, numbers and the order of keys.
///
/// The error for an unknown type lists the known types if the enum's `CodingKeys` are `CaseIterable`.
open class JSONConsumer<Incoming: Decodable & Sendable, Outgoing: Encodable & Sendable>: WebSocketConsumer {
    // MARK: Hooks

    /// Receives a decoded message. Channels' `receive_json`.
    ///
    /// By default, the message is dropped and counted. The first one of each socket is logged.
    open nonisolated(nonsending) func receive(_ content: Incoming) async throws {
        attached.ignoreMessage("JSON", override: "receive(_ content:)")
    }

    /// Receives a binary message, for consumers that receive bytes beside JSON, such as the parts of a file.
    ///
    /// By default, passes it to ``decode(_:)``, which rejects it with 1003.
    open override nonisolated(nonsending) func receive(bytes: Bytes) async throws {
        try await receiveEncoded(Message(binary: bytes))
    }

    /// Receives the error of a message that is binary, empty, not JSON or of another shape. By default, closes the
    /// socket with the error's text as the reason. The code is 1003 for a binary message and 1007 otherwise. Channels
    /// closes with 1011.
    open nonisolated(nonsending) func receiveInvalid(_ error: JSONMessageError) async throws {
        close(error.code == .binary ? .unsupportedData : .invalidData, reason: error.description)
    }

    /// Encodes `content` as a message. Channels' `encode_json`.
    ///
    /// - Throws: `EncodingError`.
    open func encode(_ content: Outgoing) throws -> Message {
        // The coder writes valid UTF-8.
        Message(.text, validated: try coder.encode(content))
    }

    /// Decodes the content of a message. Channels' `decode_json`.
    ///
    /// - Throws: ``JSONMessageError`` or `DecodingError`, which are passed to ``receiveInvalid(_:)``. Other errors end
    ///   the consumer.
    open func decode(_ message: Message) throws -> Incoming {
        if message.kind == .binary { throw JSONMessageError.binary }
        if message.payload.isEmpty { throw JSONMessageError.empty }
        do {
            // The payload of a text message was validated as UTF-8 when it arrived.
            return try coder.decode(Incoming.self, from: message.payload, isText: true)
        } catch let error as JSONError {
            throw JSONMessageError(error)
        } catch let error as UnknownMessageType {
            throw JSONMessageError(error)
        }
    }

    /// Decodes a text message and passes it to ``receive(_:)-(Incoming)``. Passes a binary one to ``receive(bytes:)``.
    public final override nonisolated(nonsending) func receive(_ message: Message) async throws {
        if message.kind == .binary {
            try await receive(bytes: message.payload)
        } else {
            try await receiveEncoded(message)
        }
    }

    private nonisolated(nonsending) func receiveEncoded(_ message: Message) async throws {
        let content: Incoming
        do {
            content = try decode(message)
        } catch let error as JSONMessageError {
            return try await refuse(error)
        } catch let error as DecodingError {
            return try await refuse(JSONMessageError(error))
        }
        try await receive(content)
    }

    private nonisolated(nonsending) func refuse(_ error: JSONMessageError) async throws {
        log.debug(
            "\(type(of: self)) received an invalid message: \(error.debugDescription)",
            metadata: ["path": "\(scope.path)"])
        try await receiveInvalid(error)
    }

    /// Decodes `text` as a message. Not a hook in this class: override ``receive(_:)-(Incoming)``.
    public final override nonisolated(nonsending) func receive(text: String) async throws {
        try await receiveEncoded(Message(text: text))
    }

    // MARK: Actions

    /// Sends `content` without waiting. The result says whether the peer keeps up. Channels' `send_json`.
    ///
    /// - Throws: The errors of ``encode(_:)``.
    @discardableResult
    public final func send(_ content: Outgoing) throws -> SendState {
        send(try encode(content))
    }
}

/// Any JSON value: object, array, string, number, Boolean or null. For messages whose shape is not known in advance.
///
/// ```swift
/// final class Relay: JSONConsumer<JSONValue, JSONValue> {
///     override func receive(_ message: JSONValue) async throws {
///         guard let name = message["name"]?.string else { return }
///         try send(["hello": .string(name)])
///     }
/// }
/// ```
///
/// The values in a ``/StraitLayers/LayerMessage`` have the same type, so that a JSON message can be forwarded to a
/// group unchanged.
public typealias JSONValue = LayerValue

extension ConsumerSession {
    /// Returns a delivery mode that encodes events of a group with `coder` and sends them. Returns nil for messages,
    /// which are forwarded unchanged.
    func coding<Event: Codable & Sendable>(_ type: Event.Type, with coder: JSONCoder) -> DeliveryMode? {
        if type == Message.self || type == LayerMessage.self { return nil }
        // No capture list: an async closure with one would not run on the event loop.
        let session = self
        return .handle { event in
            guard let content = session.decode(type, event) else { return }
            let json = try coder.encode(content)
            _ = session.send(Message(.text, validated: session.typed(json, type)))
        }
    }

    /// Adds the type of a `ChannelMessage` to `json`, before its properties. The JSON of an enum already has a type.
    private func typed<Event>(_ json: Bytes, _ type: Event.Type) -> Bytes {
        guard let kind = type as? any ChannelMessage.Type, json.span.count >= 2, json.span[0] == UInt8(ascii: "{")
        else {
            return json
        }
        var whole = ByteBuffer(capacity: json.count + kind.type.utf8.count + 12)
        whole.append("{\"type\":" as StaticString)
        whole.append(json: kind.type)
        if json.count > 2 { whole.append(UInt8(ascii: ",")) }
        whole.append(json.span.extracting(1..<json.count))
        return whole.freeze()
    }
}
