public import StraitHTTP
public import StraitNetwork
public import StraitWebSocket
import Synchronization

/// A WebSocket client on an in-memory connection: it speaks real frames to a real server. Made by
/// ``MemoryServer/webSocket(_:headers:subprotocols:compresses:answers:from:)``.
///
/// Each step returns when everything that it set off at this moment of the clock is done.
public final class MemoryWebSocket: Sendable {
    /// The connection beneath, for what no well-behaved client does.
    public let client: MemoryClient
    private let reader: FrameReader
    private let clock: ManualClock

    init(_ client: MemoryClient, _ reader: FrameReader, clock: ManualClock) {
        self.client = client
        self.reader = reader
        self.clock = clock
    }

    // MARK: The answer

    /// The status of the answer to the handshake, 101 where it was accepted; nil where none came yet.
    public var status: HTTPStatus? { reader.head.withLock { $0.map { HTTPStatus($0.status) } } }

    /// Whether the handshake was accepted.
    public var isAccepted: Bool { status == .switchingProtocols }

    /// The fields of the answer.
    public var headers: HTTPFields { reader.head.withLock { $0?.headers ?? HTTPFields() } }

    /// What the server chose to speak.
    public var subprotocol: String? { headers["sec-websocket-protocol"] }

    // MARK: Sending

    /// Sends a text message in one frame.
    public func send(text: String) async { await client.send(Self.frame(.text, Array(text.utf8))) }

    /// Sends a binary message in one frame.
    public func send(bytes: Bytes) async { await client.send(Self.frame(.binary, Array(bytes))) }

    /// Sends a ping of at most 125 bytes.
    public func ping(_ payload: Bytes = Bytes()) async { await client.send(Self.frame(.ping, Array(payload))) }

    /// Sends a pong of at most 125 bytes.
    public func pong(_ payload: Bytes = Bytes()) async { await client.send(Self.frame(.pong, Array(payload))) }

    /// Sends a close frame; the code may be one that no client should send.
    public func close(_ code: CloseCode = .normal, reason: String = "") async {
        reader.hasClosed.withLock { $0 = true }
        await client.send(Self.frame(.close, Self.payload(code, reason)))
    }

    /// Loses the connection: the server sees a reset.
    public func abort() async { await client.abort() }

    // MARK: What came

    /// What came and was not received, in order.
    public var frames: [WebSocketFrame] { reader.outbox.elements }

    /// Takes the next of what came, without moving the clock.
    ///
    /// - Parameter timeout: How long to wait, in real time, for work that goes on off the loops.
    /// - Throws: ``CommunicatorError`` where nothing came, or the connection is over.
    public func receive(timeout: Duration = .seconds(10)) async throws -> WebSocketFrame {
        let purpose = "a frame"
        let place = TestLoop(clock)
        guard let frame = try await place.next(of: reader.outbox, within: timeout, for: purpose) else {
            throw CommunicatorError.ended(purpose)
        }
        return frame
    }

    // MARK: Bytes

    /// A frame as a client sends it, masked.
    package static func frame(
        _ opcode: Opcode, _ payload: [UInt8] = [], isFinal: Bool = true, isCompressed: Bool = false
    ) -> [UInt8] {
        var buffer = ByteBuffer()
        FrameEncoder.append(
            opcode, Bytes(payload), isFinal: isFinal, isCompressed: isCompressed, to: &buffer,
            key: MaskingKey(0x3D21_FA37))
        return Array(buffer.take())
    }

    /// The payload of a close frame.
    package static func payload(_ code: CloseCode, _ reason: String) -> [UInt8] {
        if code == .noCode { return [] }
        return [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + Array(reason.utf8)
    }

    /// The request for a WebSocket.
    package static func request(
        _ path: String, headers: HTTPFields, subprotocols: [String], compresses: Bool
    ) throws -> String {
        let target = RequestTarget(path, headers)
        if let error = target.error ?? RequestTarget.check(headers) { throw error }
        var lines = ["GET \(path) HTTP/1.1"]
        for field in target.headers { lines.append("\(field.name): \(field.value)") }
        lines += [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        if !subprotocols.isEmpty { lines.append("Sec-WebSocket-Protocol: " + subprotocols.joined(separator: ", ")) }
        if compresses { lines.append("Sec-WebSocket-Extensions: permessage-deflate") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }
}
