internal import StraitConsumers
public import StraitCore
public import StraitHTTP
public import StraitJSON
import StraitLayers
public import StraitWebSocket

/// Receiving the consumer's messages in order. Timeouts are in real time. The default is ten seconds instead of
/// Channels' one second, because a busy machine may need it and only failing tests wait that long. With a manual clock,
/// a wait ends as soon as no message can arrive.
extension WebSocketCommunicator {
    /// Returns the next message; Channels' `receive_from`.
    ///
    /// - Throws: ``CommunicatorError`` if no message arrives in time or the consumer closes instead.
    ///   ``ApplicationFailure`` if the application throws an error.
    public func receive(timeout: Duration = .seconds(10)) async throws -> Message {
        try await receive(timeout, "a message") { $0 }
    }

    /// Returns the next message, which has to be text.
    ///
    /// - Throws: The errors of ``receive(timeout:)``, or ``CommunicatorError`` if the message is binary.
    public func receiveText(timeout: Duration = .seconds(10)) async throws -> String {
        try await receive(timeout, "a text message") { $0.text }
    }

    /// Returns the next message, which has to be binary.
    ///
    /// - Throws: The errors of ``receive(timeout:)``, or ``CommunicatorError`` if the message is text.
    public func receiveBytes(timeout: Duration = .seconds(10)) async throws -> Bytes {
        try await receive(timeout, "a binary message") { $0.bytes }
    }

    /// Returns the next message, decoded from JSON text like a `JSONConsumer`'s messages; Channels'
    /// `receive_json_from`. An enum's case is named by the key `type`. Pass `coder` if the consumer overrides its own.
    ///
    /// - Throws: The errors of ``receiveText(timeout:)``, or `DecodingError` if the text does not fit the type.
    public func receiveJSON<Value: Decodable>(
        as type: Value.Type = Value.self, coder: JSONCoder = .messages, timeout: Duration = .seconds(10)
    ) async throws -> Value {
        let text = try await receive(timeout, "a text message") { $0.kind == .text ? $0.payload : nil }
        return try coder.decode(type, from: text)
    }

    /// Sends `value` as JSON text, encoded like a `JSONConsumer`'s messages; Channels' `send_json_to`. An enum's case
    /// is named by the key `type`. Pass `coder` if the consumer overrides its own.
    ///
    /// - Throws: `EncodingError`, or ``CommunicatorError`` if the handshake was not accepted.
    public func send(json value: some Encodable, coder: JSONCoder = .messages) async throws {
        let text = try coder.encode(value)
        try await send(Message(.text, validated: text))
    }

    /// Returns whether neither a message nor a close arrives for `duration`; Channels' `receive_nothing`. Any output is
    /// kept. With a manual clock, this takes no time: if no work is left, nothing can arrive.
    ///
    /// - Throws: ``ApplicationFailure`` if the application throws an error.
    public func receiveNothing(for duration: Duration = .milliseconds(100)) async throws -> Bool {
        try await stage.isQuiet(for: duration, at: place)
    }

    /// Returns the consumer's close, with its code and its reason as sent, of at most 123 bytes. The client replies
    /// automatically, so `wasClean` is true.
    ///
    /// - Throws: The errors of ``receive(timeout:)``, or ``CommunicatorError`` if a message arrives first.
    public func receiveClose(timeout: Duration = .seconds(10)) async throws -> Close {
        try checkOpen()
        let purpose = "a close"
        let output = try await take(within: timeout, purpose)
        guard case .close(let code, let reason) = output else {
            throw CommunicatorError(expected: purpose, but: output)
        }
        return Close(code: code, reason: reason, wasClean: true)
    }

    private func receive<Value>(
        _ timeout: Duration, _ purpose: String, _ read: (Message) -> Value?
    ) async throws -> Value {
        try checkOpen()
        let output = try await take(within: timeout, purpose)
        guard case .send(let message) = output, let value = read(message) else {
            throw CommunicatorError(expected: purpose, but: output)
        }
        return value
    }
}

/// The response to a handshake; the result of Channels' `connect()`.
public struct HandshakeResult: Sendable {
    /// Whether the handshake was accepted and the socket is open.
    public let isAccepted: Bool
    /// The subprotocol that the consumer chose, or nil.
    public let subprotocol: String?
    /// The headers that the consumer and middleware added to the response, or the headers of the refusal.
    public let headers: HTTPFields
    /// The status of the response: 101 or that of the refusal. It is 403 if the consumer closed instead of accepting.
    public let status: HTTPStatus
    /// The refusal, or nil if the handshake was accepted.
    public let response: Response?
    /// The code with which the consumer closed instead of accepting; the second result of Channels' `connect()`. Real
    /// clients never see it.
    public let closeCode: CloseCode?

    init(accepted subprotocol: String?, _ headers: HTTPFields) {
        isAccepted = true
        self.subprotocol = subprotocol
        self.headers = headers
        status = .switchingProtocols
        response = nil
        closeCode = nil
    }

    init(refused response: Response, closeCode: CloseCode? = nil) {
        isAccepted = false
        subprotocol = nil
        headers = response.headers
        status = response.status
        self.response = response
        self.closeCode = closeCode
    }
}
