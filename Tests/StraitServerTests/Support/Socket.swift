import StraitCompression
import StraitCore
import StraitTesting
import StraitWebSocket

/// The client's end of a WebSocket, over a ``/StraitTesting/MemoryClient``.
final class Socket: Sendable {
    let client: MemoryClient
    /// The head of the handshake's response.
    let head: String

    /// A handshake request with additional header lines `fields`.
    static func request(_ path: String = "/ws/", _ fields: [String] = []) -> String {
        ([
            "GET \(path) HTTP/1.1", "Host: site", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// Opens a WebSocket on a new connection.
    static func open(
        _ script: ServerScript, _ path: String = "/ws/", _ fields: [String] = [],
        conditions: NetworkConditions = NetworkConditions(), on loop: Int = 0
    ) async -> Socket {
        let client = await script.connect(conditions, on: loop)
        await client.send(request(path, fields))
        return Socket(client)
    }

    /// Creates a socket from the handshake response that `client` has received.
    init(_ client: MemoryClient) {
        self.client = client
        let bytes = client.bytes
        head = String(decoding: bytes[..<(Self.headEnd(bytes) ?? bytes.count)], as: UTF8.self)
    }

    /// The end of the head in `bytes`, after the empty line.
    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        bytes.indices.first { bytes[$0...].starts(with: [13, 10, 13, 10]) }.map { $0 + 4 }
    }

    // MARK: Sending

    static func frame(_ opcode: Opcode, _ payload: [UInt8] = [], isFinal: Bool = true, isCompressed: Bool = false)
        -> [UInt8]
    {
        MemoryWebSocket.frame(opcode, payload, isFinal: isFinal, isCompressed: isCompressed)
    }

    static func text(_ text: String) -> [UInt8] { frame(.text, Array(text.utf8)) }

    static func close(_ code: UInt16, _ reason: String = "") -> [UInt8] {
        frame(.close, MemoryWebSocket.payload(CloseCode(rawValue: code), reason))
    }

    func send(_ text: String) async { await client.send(Self.text(text)) }
    func send(_ bytes: [UInt8]) async { await client.send(bytes) }
    func ping(_ payload: String) async { await client.send(Self.frame(.ping, Array(payload.utf8))) }
    func pong(_ payload: String) async { await client.send(Self.frame(.pong, Array(payload.utf8))) }
    func close(_ code: UInt16, _ reason: String = "") async { await client.send(Self.close(code, reason)) }

    // MARK: Receiving

    /// The bytes after the handshake's response.
    var bytes: [UInt8] {
        let all = client.bytes
        return Self.headEnd(all).map { Array(all[$0...]) } ?? []
    }

    /// The frames so far: `text hi`, `binary 3`, `ping x`, `pong x`, `close 1000 why`. A long text is shown as its
    /// length.
    var frames: [String] { frames() }

    /// The frames so far on a connection with compression.
    func frames(_ deflate: DeflateParameters? = nil) -> [String] {
        var parser = FrameParser(
            role: .client, limits: MessageLimits(frame: 64 << 20, message: 64 << 20),
            inflater: deflate?.inflater(.client, codecs: DeflateCodecs()))
        var arena = ByteArena()
        var position = 0
        var found: [String] = []
        let bytes = bytes
        do throws(WebSocketError) {
            while let event = try parser.next(bytes.span, &position, arena: &arena) { found.append(Self.line(event)) }
        } catch {
            found.append("error \(error.reason)")
        }
        return found
    }

    private static func line(_ event: FrameEvent) -> String {
        switch event {
        case .message(let message):
            guard let text = message.text else { return "binary \(message.payload.count)" }
            return text.utf8.count > 100 ? "text of \(text.utf8.count)" : "text \(text)"
        case .ping(let payload): return "ping \(String(decoding: payload, as: UTF8.self))"
        case .pong(let payload): return "pong \(String(decoding: payload, as: UTF8.self))"
        case .close(let close): return "close \(close.code)" + (close.reason.isEmpty ? "" : " \(close.reason)")
        }
    }
}
