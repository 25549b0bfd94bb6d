package import StraitCore

/// An encoder for the response to one HTTP/1.1 or 1.0 request. It chooses the framing of the body (RFC 9112 §6).
///
/// | body | HTTP/1.1 | HTTP/1.0 |
/// | --- | --- | --- |
/// | of known length | `Content-Length` | `Content-Length` |
/// | of unknown length | chunked | ends with the connection |
/// | of 1xx, 204, 304 | none | none |
/// | in answer to HEAD | none, but the `Content-Length` of the GET | the same |
///
/// The encoder writes `Connection`, `Transfer-Encoding` and `Keep-Alive` itself, and drops those that an application
/// sets. An application's `Connection: close` still closes the connection. Its `Content-Length` frames a body of
/// unknown length.
package struct HTTPResponseEncoder: ~Copyable {
    /// The length of the body, as far as known before it is written.
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
    /// Whether the connection can serve another request after this response. The value is final once the head is
    /// written.
    package private(set) var keepAlive: Bool

    /// Creates an encoder.
    ///
    /// - Parameters:
    ///   - method: The request's method.
    ///   - version: The request's version.
    ///   - keepAlive: Whether the client and the server want to keep the connection open.
    ///   - serverName: The `Server` header for a response without one; nil to send none.
    package init(method: HTTPMethod, version: HTTPVersion, keepAlive: Bool, serverName: String? = "strait") {
        self.method = method
        self.version = version
        self.keepAlive = keepAlive
        self.serverName = serverName
    }

    /// Whether the response has a body. If not, ``writeBody(_:into:)`` writes nothing.
    package var carriesBody: Bool { framing != .none }

    /// Writes `HTTP/1.1 100 Continue`, which asks the client to send the body (RFC 9110 §15.2.1).
    package static func writeContinue(into buffer: inout ByteBuffer) {
        buffer.append("HTTP/1.1 100 Continue\r\n\r\n" as StaticString)
    }

    /// Writes the status line and the headers.
    ///
    /// - Parameter date: The `Date` header for a response without one: an IMF-fixdate, see ``HTTPDate``.
    /// - Throws: ``HTTPResponseError/field(_:)`` if the application set an invalid header. Nothing was written then, so
    ///   the caller can write another head.
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
            // A sender of `Upgrade` must list it in `Connection` (RFC 9110 §7.8).
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

    /// Returns the value of the application's `Content-Length`; nil if it is not a number.
    private static func length(_ value: Span<UInt8>) -> Int? {
        Int(String(fieldValue: value)).flatMap { $0 >= 0 ? $0 : nil }
    }

    /// Chooses the framing, and returns the `Content-Length` to send.
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

    /// Writes `bytes` of the body. If the body is chunked, they are one chunk.
    ///
    /// - Throws: ``HTTPResponseError/bodyTooLong(by:)`` if they exceed `Content-Length`. The bytes that fit are
    ///   written.
    package mutating func writeBody(_ bytes: Span<UInt8>, into buffer: inout ByteBuffer) throws(HTTPResponseError) {
        let count = try beginBody(bytes.count, into: &buffer)
        if count > 0 { buffer.append(bytes.extracting(0..<count)) }
        endBody(count, into: &buffer)
        if count < bytes.count, carriesBody { throw .bodyTooLong(by: bytes.count - count) }
    }

    /// Whether the body is sent without chunks and has a known length.
    package var sendsPlainBody: Bool { if case .length = framing { true } else { false } }

    /// Writes the framing before the next `count` bytes of the body, which the caller queues itself to avoid a copy.
    ///
    /// The caller must call ``endBody(_:into:)`` after queueing them.
    ///
    /// - Returns: The number of bytes to queue; 0 if the response has no body.
    package mutating func beginBody(_ count: Int, into buffer: inout ByteBuffer) throws(HTTPResponseError) -> Int {
        switch framing {
        case .none: return 0
        case .untilClose: return count
        case .length(let remaining):
            let written = min(count, remaining)
            framing = .length(remaining - written)
            return written
        case .chunked:
            // An empty chunk would end the body.
            if count > 0 {
                buffer.append(String(count, radix: 16))
                buffer.append("\r\n" as StaticString)
            }
            return count
        }
    }

    /// Writes the framing after the `count` bytes that ``beginBody(_:into:)`` returned.
    package func endBody(_ count: Int, into buffer: inout ByteBuffer) {
        if framing == .chunked, count > 0 { buffer.append("\r\n" as StaticString) }
    }

    /// Writes the end of the body. Trailers are written if the body is chunked, and dropped otherwise.
    ///
    /// - Throws: ``HTTPResponseError/bodyTooShort(by:)`` if bytes are missing; the connection must then be closed.
    ///   ``HTTPResponseError/field(_:)`` if a trailer is invalid.
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

    /// Writes a header, with its name capitalized, because some clients compare the usual spelling.
    private static func write(_ name: Span<UInt8>, _ value: Span<UInt8>, into buffer: inout ByteBuffer) {
        // The only usual spelling with a capital inside a word. Some clients reject a handshake without it.
        let isWebSocket = name.count > 14 && name.extracting(0..<14).equalsIgnoringCase("sec-websocket-".utf8.span)
        let count = name.count
        let whole = count &+ value.count &+ 4
        unsafe buffer.append(upTo: whole) { target in
            // SAFETY: every offset is below `whole`, the number of bytes that are reserved.
            var startsWord = true
            for index in name.indices {
                let byte = name[index]
                unsafe target[index] = startsWord || isWebSocket && index == 7 ? byte.asciiUppercased : byte
                startsWord = byte == 0x2D
            }
            unsafe target.storeBytes(of: (0x203A as UInt16).littleEndian, toByteOffset: count, as: UInt16.self)
            unsafe value.withUnsafeBytes { source in
                guard let first = source.baseAddress, let start = target.baseAddress else { return }
                unsafe (start + count + 2).copyMemory(from: first, byteCount: source.count)
            }
            unsafe target.storeBytes(of: (0x0A0D as UInt16).littleEndian, toByteOffset: whole - 2, as: UInt16.self)
            return whole
        }
    }
}

extension HTTPResponseEncoder {
    /// Writes the complete response to an invalid request. The connection must be closed after it.
    ///
    /// - Parameter isHead: Whether the request is a `HEAD`, whose response has no body (RFC 9110 §9.3.2).
    /// - Returns: The size of the body in bytes.
    package static func writeRefusal(
        _ error: HTTPParseError, isHead: Bool = false, serverName: String?, date: String?, into buffer: inout ByteBuffer
    ) -> Int {
        var encoder = HTTPResponseEncoder(
            method: isHead ? .head : .get, version: .http11, keepAlive: false, serverName: serverName)
        let head = HTTPResponseHead(status: error.status, fields: ["content-type": "text/plain; charset=utf-8"])
        let body = Bytes(error.reason + "\n")
        do throws(HTTPResponseError) {
            try encoder.writeHead(head, body: .known(body.count), date: date, into: &buffer)
            try encoder.writeBody(body.span, into: &buffer)
        } catch {
            // The head and the body above are valid and match.
            assertionFailure("\(error)")
        }
        return isHead ? 0 : body.count
    }
}

/// An error while writing a response.
package enum HTTPResponseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A header is invalid. Nothing was written.
    case field(HTTPFieldError)
    /// The body is longer than its `Content-Length`. The surplus was not written.
    case bodyTooLong(by: Int)
    /// The body is shorter than its `Content-Length`. The connection must be closed, so that the client notices.
    case bodyTooShort(by: Int)

    package var description: String {
        switch self {
        case .field(let error): error.description
        case .bodyTooLong(let count): "The body is \(count) bytes longer than its Content-Length says."
        case .bodyTooShort(let count): "The body is \(count) bytes shorter than its Content-Length says."
        }
    }
}

/// A response without its body.
package struct HTTPResponseHead: Sendable, Equatable {
    package var status: HTTPStatus
    package var fields: HTTPFields

    package init(status: HTTPStatus, fields: HTTPFields = HTTPFields()) {
        self.status = status
        self.fields = fields
    }
}
