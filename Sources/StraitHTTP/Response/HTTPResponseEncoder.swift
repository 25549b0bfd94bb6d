package import StraitNetwork

/// Writes one response to a request of HTTP/1.1 or 1.0, and chooses how its body's end is shown (RFC 9112 §6).
///
/// | body | HTTP/1.1 | HTTP/1.0 |
/// | --- | --- | --- |
/// | of known length | `Content-Length` | `Content-Length` |
/// | of unknown length | chunked | ends with the connection |
/// | of 1xx, 204, 304 | none | none |
/// | in answer to HEAD | none, but the `Content-Length` of the GET | the same |
///
/// What an application sets of `Connection`, `Transfer-Encoding` and `Keep-Alive` is not passed on, as the framing is
/// this value's; its `Connection: close` is heeded. `Content-Length` frames a body of unknown length.
package struct HTTPResponseEncoder: ~Copyable {
    /// What is known about the body before it is written.
    package enum BodyLength: Sendable, Equatable {
        case none
        case known(Int)
        case unknown
    }

    private enum Framing: Equatable {
        case none
        case length(Int)
        case chunked, untilClose
    }

    private let method: HTTPMethod
    private let version: HTTPVersion
    private let serverName: String?
    private var framing = Framing.none
    /// Whether the connection can carry another request after this response; settled once the head was written.
    package private(set) var keepAlive: Bool

    /// - Parameters:
    ///   - keepAlive: Whether the client and the server would like to go on after this response.
    ///   - serverName: The `Server` field where the response has none; nil for no such field.
    package init(method: HTTPMethod, version: HTTPVersion, keepAlive: Bool, serverName: String? = "strait") {
        self.method = method
        self.version = version
        self.keepAlive = keepAlive
        self.serverName = serverName
    }

    /// Whether bytes of a body go on the wire at all; where not, ``writeBody(_:into:)`` writes nothing.
    package var carriesBody: Bool { framing != .none }

    /// `HTTP/1.1 100 Continue`: the client may send the body that it announced (RFC 9110 §15.2.1).
    package static func writeContinue(into buffer: inout ByteBuffer) {
        buffer.append("HTTP/1.1 100 Continue\r\n\r\n" as StaticString)
    }

    /// Writes the status line and the fields.
    ///
    /// - Parameter date: The `Date` field where the response has none: an IMF-fixdate, see ``HTTPDate``.
    /// - Throws: ``HTTPResponseError/field(_:)`` where an application assigned a field that cannot be sent; then
    ///   nothing was written and another head can be.
    package mutating func writeHead(
        _ head: HTTPResponseHead, body: BodyLength, date: String?, into buffer: inout ByteBuffer
    ) throws(HTTPResponseError) {
        do { try head.fields.check() } catch { throw .field(error) }
        let isUpgrade = head.status == .switchingProtocols
        Self.writeStatus(head.status, into: &buffer)
        var announced: Int?
        var hasDate = false
        var hasServer = false
        var closes = false
        var namesUpgrade = false
        head.fields.forEachRecord { record, bytes in
            let name = bytes.extracting(record.name)
            switch name.count {
            case 4 where name.equalsIgnoringCase("date"): hasDate = true
            case 6 where name.equalsIgnoringCase("server"): hasServer = true
            case 7 where name.equalsIgnoringCase("upgrade"): namesUpgrade = true
            case 10 where name.equalsIgnoringCase("connection"):
                closes = true
                if !isUpgrade { return }
            case 10 where name.equalsIgnoringCase("keep-alive"):
                if !isUpgrade { return }
            case 14 where name.equalsIgnoringCase("content-length"):
                announced = announced ?? Self.length(bytes.extracting(record.value))
                return
            case 17 where name.equalsIgnoringCase("transfer-encoding"): return
            default: break
            }
            Self.write(name, bytes.extracting(record.value), into: &buffer)
        }
        if closes, head.fields.list("connection", contains: "close") { keepAlive = false }
        let length = chooseFraming(head.status, body, announced: announced)
        if let length {
            buffer.append("Content-Length: " as StaticString)
            buffer.append(String(length))
            buffer.append("\r\n" as StaticString)
        }
        if framing == .chunked { buffer.append("Transfer-Encoding: chunked\r\n" as StaticString) }
        if let date, !hasDate {
            buffer.append("Date: " as StaticString)
            buffer.append(date)
            buffer.append("\r\n" as StaticString)
        }
        if let serverName, !hasServer {
            buffer.append("Server: " as StaticString)
            buffer.append(serverName)
            buffer.append("\r\n" as StaticString)
        }
        if !isUpgrade {
            // RFC 9110 §7.8: whoever sends Upgrade names it in Connection.
            if namesUpgrade { buffer.append("Connection: Upgrade\r\n" as StaticString) }
            if !keepAlive {
                buffer.append("Connection: close\r\n" as StaticString)
            } else if version == .http10 {
                buffer.append("Connection: keep-alive\r\n" as StaticString)
            }
        }
        buffer.append("\r\n" as StaticString)
    }

    private static func writeStatus(_ status: HTTPStatus, into buffer: inout ByteBuffer) {
        if status == .ok { return buffer.append("HTTP/1.1 200 OK\r\n" as StaticString) }
        buffer.append("HTTP/1.1 " as StaticString)
        buffer.append(String(status.code))
        buffer.append(0x20)
        buffer.append(status.reasonPhrase)
        buffer.append("\r\n" as StaticString)
    }

    /// What an application announced, where it is a number.
    private static func length(_ value: Span<UInt8>) -> Int? {
        Int(String(fieldValue: value)).flatMap { $0 >= 0 ? $0 : nil }
    }

    /// Settles the framing, and returns the `Content-Length` to send.
    private mutating func chooseFraming(_ status: HTTPStatus, _ body: BodyLength, announced: Int?) -> Int? {
        framing = .none
        if status.code < 200 || status == .noContent { return nil }
        let known: Int? =
            switch body {
            case .known(let length): length
            case .none: method == .head || status == .notModified ? announced : 0
            case .unknown: announced
            }
        if method == .head || status == .notModified { return status == .notModified ? announced : known }
        if let known {
            framing = .length(known)
            return known
        }
        if version == .http10 {
            framing = .untilClose
            keepAlive = false
        } else {
            framing = .chunked
        }
        return nil
    }

    /// Writes `bytes` of the body, in a chunk of their own where the body is chunked.
    ///
    /// - Throws: ``HTTPResponseError/bodyTooLong(by:)``; what fits was written.
    package mutating func writeBody(_ bytes: Span<UInt8>, into buffer: inout ByteBuffer) throws(HTTPResponseError) {
        let count = try beginBody(bytes.count, into: &buffer)
        if count > 0 { buffer.append(bytes.extracting(0..<count)) }
        endBody(count, into: &buffer)
        if count < bytes.count, carriesBody { throw .bodyTooLong(by: bytes.count - count) }
    }

    /// Whether the body's bytes follow the head just as they are, to an end that is known.
    package var sendsPlainBody: Bool { if case .length = framing { true } else { false } }

    /// Writes what goes before `count` bytes of body that the caller queues itself, for bytes that are not to be
    /// copied, and returns how many of them to queue: 0 where the response has no body. ``endBody(_:into:)`` has to
    /// follow.
    package mutating func beginBody(_ count: Int, into buffer: inout ByteBuffer) throws(HTTPResponseError) -> Int {
        switch framing {
        case .none: return 0
        case .untilClose: return count
        case .length(let remaining):
            let written = min(count, remaining)
            framing = .length(remaining - written)
            return written
        case .chunked:
            // A chunk of no bytes would end the body.
            if count > 0 {
                buffer.append(String(count, radix: 16))
                buffer.append("\r\n" as StaticString)
            }
            return count
        }
    }

    /// Writes what goes behind the `count` bytes that ``beginBody(_:into:)`` asked for.
    package func endBody(_ count: Int, into buffer: inout ByteBuffer) {
        if framing == .chunked, count > 0 { buffer.append("\r\n" as StaticString) }
    }

    /// Writes the body's end, with trailers where it is chunked; elsewhere they cannot be sent and are dropped.
    ///
    /// - Throws: ``HTTPResponseError/bodyTooShort(by:)``, and then the connection has to be closed.
    package mutating func writeEnd(
        trailers: HTTPFields = HTTPFields(), into buffer: inout ByteBuffer
    ) throws(HTTPResponseError) {
        switch framing {
        case .length(let remaining) where remaining > 0:
            keepAlive = false
            throw .bodyTooShort(by: remaining)
        case .chunked:
            do { try trailers.check() } catch { throw .field(error) }
            buffer.append("0\r\n" as StaticString)
            trailers.forEachRecord { record, bytes in
                Self.write(bytes.extracting(record.name), bytes.extracting(record.value), into: &buffer)
            }
            buffer.append("\r\n" as StaticString)
        default: break
        }
        framing = .none
    }

    /// Writes a field, the name with capitals: some clients compare with the customary spelling.
    private static func write(_ name: Span<UInt8>, _ value: Span<UInt8>, into buffer: inout ByteBuffer) {
        // The one customary spelling with a capital inside a word; handshakes have been refused for its lack.
        let isWebSocket = name.count > 14 && name.extracting(0..<14).equalsIgnoringCase("sec-websocket-".utf8.span)
        let count = name.count
        let whole = count &+ value.count &+ 4
        unsafe buffer.append(upTo: whole) { target in
            // Sound: every offset is below the sum that there is room for.
            var startsWord = true
            for index in name.indices {
                let byte = name[index]
                unsafe target[index] = startsWord || isWebSocket && index == 7 ? byte.asciiUppercased : byte
                startsWord = byte == 0x2D
            }
            unsafe target.storeBytes(of: (0x203A as UInt16).littleEndian, toByteOffset: count, as: UInt16.self)
            unsafe value.withUnsafeBytes { source in
                guard let first = source.baseAddress else { return }
                unsafe (target.baseAddress! + count + 2).copyMemory(from: first, byteCount: source.count)
            }
            unsafe target.storeBytes(of: (0x0A0D as UInt16).littleEndian, toByteOffset: whole - 2, as: UInt16.self)
            return whole
        }
    }
}
