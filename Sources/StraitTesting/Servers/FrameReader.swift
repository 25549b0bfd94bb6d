public import StraitCore
import StraitHTTP
import StraitServer
public import StraitWebSocket
import Synchronization

/// Reads the response to a handshake and the frames after it. It can answer pings and close frames.
///
/// SAFETY: `@unchecked Sendable` is sound because locks protect `outbox`, `head` and `hasClosed`. Everything else is
/// used only on the connection's loop.
final class FrameReader: MemoryListener, @unchecked Sendable {
    /// The response to the handshake.
    struct Head: Sendable {
        let status: Int
        let headers: HTTPFields
    }

    let outbox = Outbox<WebSocketFrame>()
    let head = Mutex<Head?>(nil)
    /// Whether a close frame has been sent.
    let hasClosed = Mutex(false)
    private let answers: Bool
    /// The bytes of the response's head received so far.
    private var start: [UInt8] = []
    private var parser: Box<FrameParser>?
    private let arena = Box(ByteArena())
    private var hasEnded = false

    init(answers: Bool) {
        self.answers = answers
    }

    func received(_ bytes: Span<UInt8>, on stream: MemoryStream) {
        if hasEnded { return }
        if parser != nil { return read(bytes, stream) }
        start += Array(Bytes(bytes))
        guard let end = start.indices.first(where: { start[$0...].starts(with: [13, 10, 13, 10]) }) else { return }
        let head = Self.parse(start[..<end])
        self.head.withLock { $0 = head }
        guard head.status == 101 else { return }
        let deflate = ExtensionOffers.parse(head.headers.values(of: "sec-websocket-extensions"))?.first
        let parameters = deflate.flatMap { DeflateParameters(answer: $0) }
        parser = Box(
            FrameParser(
                role: .client, limits: MessageLimits(frame: 64 << 20, message: 64 << 20),
                inflater: parameters?.inflater(.client, codecs: DeflateCodecs())))
        let rest = Bytes(start[(end + 4)...])
        start = []
        if !rest.isEmpty { read(rest.span, stream) }
    }

    func closed() {
        outbox.end()
    }

    private func read(_ bytes: Span<UInt8>, _ stream: MemoryStream) {
        guard let parser else { return }
        var position = 0
        do throws(WebSocketError) {
            while let event = try parser.value.next(bytes, &position, arena: &arena.value) { take(event, stream) }
        } catch {
            hasEnded = true
            outbox.put(.invalid(error.reason))
        }
    }

    private func take(_ event: FrameEvent, _ stream: MemoryStream) {
        switch event {
        case .message(let message): outbox.put(.message(message))
        case .ping(let payload):
            outbox.put(.ping(payload))
            if answers { answer(.pong, Array(payload), stream) }
        case .pong(let payload): outbox.put(.pong(payload))
        case .close(let close):
            outbox.put(.close(close.code, reason: close.reason))
            let isFirst = hasClosed.withLock { hasClosed in
                defer { if answers { hasClosed = true } }
                return !hasClosed
            }
            if answers, isFirst { answer(.close, MemoryWebSocket.payload(close.code, ""), stream) }
        }
    }

    private func answer(_ opcode: Opcode, _ payload: [UInt8], _ stream: MemoryStream) {
        stream.write(Bytes(MemoryWebSocket.frame(opcode, payload)))
    }

    /// Parses the status and the headers of a head from the server, without the empty line at its end.
    private static func parse(_ bytes: ArraySlice<UInt8>) -> Head {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        var headers = HTTPFields()
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { try? headers.append(String(parts[0]), String(parts[1].drop { $0 == " " })) }
        }
        return Head(status: words.count > 1 ? Int(words[1]) ?? 0 : 0, headers: headers)
    }
}

/// A frame received by a ``MemoryWebSocket``: a complete message, regardless of its number of frames, or a control
/// frame (RFC 6455 §5.5).
public enum WebSocketFrame: Sendable, Hashable {
    /// A complete message.
    case message(Message)
    /// A ping with its payload.
    case ping(Bytes)
    /// A pong with its payload.
    case pong(Bytes)
    /// A close frame. The code is `noCode` if the frame had none.
    case close(CloseCode, reason: String)
    /// Data that violates the WebSocket protocol, with the reason. Nothing follows.
    case invalid(String)
}

extension WebSocketFrame: CustomStringConvertible {
    /// A short description: `text hi`, `binary of 3`, `ping x`, `pong x`, `close 1000 why`.
    public var description: String {
        switch self {
        case .message(let message): message.text.map { "text \($0)" } ?? "binary of \(message.payload.count)"
        case .ping(let payload): "ping \(String(decoding: payload, as: UTF8.self))"
        case .pong(let payload): "pong \(String(decoding: payload, as: UTF8.self))"
        case .close(let code, let reason): "close \(code)" + (reason.isEmpty ? "" : " \(reason)")
        case .invalid(let reason): "invalid: \(reason)"
        }
    }
}
