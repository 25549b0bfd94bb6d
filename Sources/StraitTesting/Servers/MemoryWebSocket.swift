public import StraitCore
public import StraitHTTP
public import StraitWebSocket
import Synchronization

/// A WebSocket client on an in-memory connection, which sends real frames to a real server. It is created by
/// ``MemoryServer/webSocket(_:headers:subprotocols:compresses:answers:from:)``.
///
/// Each action returns after the loops have completed all resulting work that does not need the clock to move.
public final class MemoryWebSocket: Sendable {
    /// The underlying connection, for tests of clients that violate the protocol.
    public let client: MemoryClient
    private let reader: FrameReader
    private let clock: ManualClock

    init(_ client: MemoryClient, _ reader: FrameReader, clock: ManualClock) {
        self.client = client
        self.reader = reader
        self.clock = clock
    }

    // MARK: The response

    /// The status of the response to the handshake, or nil if none has arrived. It is 101 if the server accepted it.
    public var status: HTTPStatus? { reader.head.withLock { $0.map { HTTPStatus($0.status) } } }

    /// Whether the server accepted the handshake.
    public var isAccepted: Bool { status == .switchingProtocols }

    /// The headers of the response.
    public var headers: HTTPFields { reader.head.withLock { $0?.headers ?? HTTPFields() } }

    /// The subprotocol that the server chose.
    public var subprotocol: String? { headers["sec-websocket-protocol"] }

    // MARK: Sending

    /// Sends a text message in one frame.
    public func send(text: String) async { await client.send(Self.frame(.text, Array(text.utf8))) }

    /// Sends a binary message in one frame.
    public func send(bytes: Bytes) async { await client.send(Self.frame(.binary, Array(bytes))) }

    /// Sends a ping with a payload of at most 125 bytes.
    public func ping(_ payload: Bytes = Bytes()) async { await client.send(Self.frame(.ping, Array(payload))) }

    /// Sends a pong with a payload of at most 125 bytes.
    public func pong(_ payload: Bytes = Bytes()) async { await client.send(Self.frame(.pong, Array(payload))) }

    /// Sends a close frame. The code may be one that is not allowed in a close frame.
    public func close(_ code: CloseCode = .normal, reason: String = "") async {
        reader.hasClosed.withLock { $0 = true }
        await client.send(Self.frame(.close, Self.payload(code, reason)))
    }

    /// Drops the connection. The server sees a reset.
    public func abort() async { await client.abort() }

    // MARK: Received

    /// The received frames that no call has taken, in order.
    public var frames: [WebSocketFrame] { reader.outbox.elements }

    /// Removes and returns the next frame, without moving the clock.
    ///
    /// - Parameter timeout: The maximum real time to wait for work outside the loops.
    /// - Throws: ``CommunicatorError`` if no frame arrives, or the connection has ended.
    public func receive(timeout: Duration = .seconds(10)) async throws -> WebSocketFrame {
        let purpose = "a frame"
        let place = TestLoop(clock)
        guard let frame = try await place.next(of: reader.outbox, within: timeout, for: purpose) else {
            throw CommunicatorError.ended(purpose)
        }
        return frame
    }

    // MARK: Bytes

    /// Encodes a masked frame, as clients send it.
    package static func frame(
        _ opcode: Opcode, _ payload: [UInt8] = [], isFinal: Bool = true, isCompressed: Bool = false
    ) -> [UInt8] {
        var buffer = ByteBuffer()
        FrameEncoder.append(
            opcode, Bytes(payload), isFinal: isFinal, isCompressed: isCompressed, to: &buffer,
            key: MaskingKey(0x3D21_FA37))
        return Array(buffer.take())
    }

    /// Encodes the payload of a close frame.
    package static func payload(_ code: CloseCode, _ reason: String) -> [UInt8] {
        if code == .noCode { return [] }
        return [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + Array(reason.utf8)
    }

    /// Returns the handshake request for a WebSocket.
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
