internal import StraitConsumers
import StraitJSON
import StraitLayers
public import StraitNetwork
public import StraitWebSocket

/// What the consumer sends, in its order. Each wait is of real time, ten seconds unless told otherwise, where Channels has
/// one: only a test that fails waits that long, and a busy machine may take more than one. On a manual clock that stands
/// it ends as soon as nothing can come.
extension WebSocketCommunicator {
    /// The next message. Channels' `receive_from`.
    ///
    /// - Throws: ``CommunicatorError`` where nothing came in time or the consumer closed instead; ``ApplicationFailure``
    ///   where it threw an error.
    public func receive(timeout: Duration = .seconds(10)) async throws -> Message {
        try await receive(timeout, "a message") { $0 }
    }

    /// The next message, which has to be a text.
    ///
    /// - Throws: As ``receive(timeout:)``; ``CommunicatorError`` where the message is binary.
    public func receiveText(timeout: Duration = .seconds(10)) async throws -> String {
        try await receive(timeout, "a text message") { $0.text }
    }

    /// The next message, which has to be binary.
    ///
    /// - Throws: As ``receive(timeout:)``; ``CommunicatorError`` where the message is a text.
    public func receiveBytes(timeout: Duration = .seconds(10)) async throws -> Bytes {
        try await receive(timeout, "a binary message") { $0.bytes }
    }

    /// The next message, a text of JSON, read as a `JSONConsumer` reads: the cases of an enum have their name under
    /// `type`. Channels' `receive_json_from`.
    ///
    /// - Throws: As ``receiveText(timeout:)``; `DecodingError` where the text is not such a value.
    public func receiveJSON<Value: Decodable>(
        as type: Value.Type = Value.self, timeout: Duration = .seconds(10)
    ) async throws -> Value {
        let text = try await receive(timeout, "a text message") { $0.kind == .text ? $0.payload : nil }
        return try JSONCoder.messages.decode(type, from: text)
    }

    /// Sends `value` as a text of JSON, written as a `JSONConsumer` writes: the cases of an enum have their name under
    /// `type`. Channels' `send_json_to`.
    ///
    /// - Throws: `EncodingError`; ``CommunicatorError`` where the handshake was not accepted.
    public func send(json value: some Encodable) async throws {
        let text = try JSONCoder.messages.encode(value)
        try await send(Message(.text, validated: text))
    }

    /// Whether nothing comes for `duration`, neither a message nor a close; what comes is kept. On a manual clock this
    /// takes no time: nothing comes where nothing is left to run. Channels' `receive_nothing`.
    ///
    /// - Throws: ``ApplicationFailure`` where the application threw an error.
    public func receiveNothing(for duration: Duration = .milliseconds(100)) async throws -> Bool {
        try await stage.isQuiet(for: duration, at: place)
    }

    /// The close that the consumer makes: its code, and its reason as it travels, of 123 bytes at most. The client's
    /// answer goes out by itself, so that `wasClean` holds.
    ///
    /// - Throws: As ``receive(timeout:)``; ``CommunicatorError`` where a message comes before.
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
