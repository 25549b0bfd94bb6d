internal import StraitCore

/// A strict, incremental parser for requests in HTTP/1.1 and 1.0 (RFC 9112).
///
/// The caller passes all unconsumed bytes to ``parse(_:)``, which returns an event and the number of bytes to consume.
/// The caller keeps the rest, and passes it again with the bytes that arrive after it. Only the headers are copied, and
/// the body needs no memory. Each line is parsed as soon as it is complete.
///
/// After ``Event/end(trailers:)`` the parser is ready for the next request. If the server switches to another protocol
/// after a head, the caller must stop calling and use the remaining bytes for that protocol.
///
/// The parser rejects some requests that the RFC allows, because attackers have used them for request smuggling: a bare
/// LF, `Content-Length` as a list, `Content-Length` with `Transfer-Encoding`, and spaces in a chunk's size line. It
/// drops headers with `_` in their names, because proxies and gateways treat it as `-` (CVE-2015-0219).
package struct HTTPRequestParser: ~Copyable {
    package enum Event: Sendable, Equatable {
        /// The head of a new request.
        case head(HTTPRequestHead)
        /// The next bytes of the body, as a range of the input.
        case body(Range<Int>)
        /// The end of the request, with its trailers. Trailers that affect framing, routing or authorization are
        /// dropped (RFC 9110 §6.5.1).
        case end(trailers: HTTPFields)
        /// More bytes must arrive before the next event.
        case needMore
    }

    package struct Step: Sendable, Equatable {
        /// The number of bytes to remove from the front of the input after handling the event.
        package let consumed: Int
        package let event: Event
    }

    private enum State {
        case requestLine, fields
        case body(Int)
        case chunkSize
        case chunk(Int)
        case chunkEnd, trailers, end
    }

    private let limits: HTTPLimits
    private var state = State.requestLine
    private var failure: HTTPParseError?
    /// The number of unconsumed bytes that are known to contain no LF.
    private var scanned = 0
    private var emptyLines = 0
    private var request = HTTPRequestLine()
    private var section = HTTPFieldSection()
    private var received = 0
    private var extensions = 0
    /// Whether the current request is a `HEAD`, whose response has no body (RFC 9110 §9.3.2). Also set if the request
    /// line is rejected.
    package private(set) var isHead = false

    package init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
    }

    /// Whether the parser is inside a request. False if only a part of a request line has arrived.
    package var isInsideRequest: Bool {
        if case .requestLine = state { false } else { true }
    }

    /// Parses up to the next event.
    ///
    /// - Parameter input: All unconsumed bytes, including those that just arrived.
    /// - Throws: The reason to reject the request. Every later call throws it again.
    package mutating func parse(_ input: Span<UInt8>) throws(HTTPParseError) -> Step {
        if let failure { throw failure }
        do {
            return try next(input)
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func next(_ input: Span<UInt8>) throws(HTTPParseError) -> Step {
        var position = 0
        while true {
            switch state {
            case .requestLine:
                isHead = Self.isHead(input, from: position)
                try checkBeginning(input, position)
                guard let line = try line(input, &position, limit: limits.requestLine, .requestLineTooLong) else {
                    return Step(consumed: position, event: .needMore)
                }
                if line.isEmpty {
                    emptyLines += 1
                    guard emptyLines <= limits.emptyLines else { throw .emptyLines }
                } else {
                    request = try HTTPRequestLine(input.extracting(line))
                    section = HTTPFieldSection()
                    state = .fields
                }
            case .fields:
                guard let line = try fieldLine(input, &position) else {
                    return Step(consumed: position, event: .needMore)
                }
                if line.isEmpty { return Step(consumed: position, event: .head(try head())) }
                let expected = input.count - line.lowerBound
                try section.add(input.extracting(line), expected: expected, limits: limits)
            case .body(let remaining):
                let count = min(remaining, input.count - position)
                if remaining > 0, count == 0 { return Step(consumed: position, event: .needMore) }
                state = remaining == count ? .end : .body(remaining - count)
                if count > 0 {
                    return Step(consumed: position + count, event: .body(position..<position + count))
                }
            case .chunkSize:
                guard let line = try line(input, &position, limit: limits.chunkLine, .chunkLine) else {
                    return Step(consumed: position, event: .needMore)
                }
                try startChunk(input.extracting(line))
            case .chunk(let remaining):
                let count = min(remaining, input.count - position)
                if count == 0 { return Step(consumed: position, event: .needMore) }
                state = remaining == count ? .chunkEnd : .chunk(remaining - count)
                return Step(consumed: position + count, event: .body(position..<position + count))
            case .chunkEnd:
                if position < input.count, input[position] != 0x0D { throw .chunkEnd }
                guard position + 1 < input.count else { return Step(consumed: position, event: .needMore) }
                guard input[position + 1] == 0x0A else { throw .chunkEnd }
                position += 2
                state = .chunkSize
            case .trailers:
                guard let line = try fieldLine(input, &position) else {
                    return Step(consumed: position, event: .needMore)
                }
                if line.isEmpty {
                    state = .end
                } else {
                    try section.add(input.extracting(line), expected: line.count, limits: limits)
                }
            case .end:
                let trailers = section.takeTrailers()
                state = .requestLine
                emptyLines = 0
                return Step(consumed: position, event: .end(trailers: trailers))
            }
        }
    }

    /// Rejects input that cannot be a request, from its first byte. Without this check, a client with another protocol
    /// would wait for a response until the timeout.
    private func checkBeginning(_ input: Span<UInt8>, _ position: Int) throws(HTTPParseError) {
        guard position < input.count else { return }
        switch input[position] {
        case 0x0D, 0x0A: return
        // The record type of a TLS handshake (RFC 8446 §5.1).
        case 0x16: throw .tls
        case let byte: guard byte.isHTTPToken else { throw .method }
        }
    }

    private static func isHead(_ input: Span<UInt8>, from position: Int) -> Bool {
        input.count - position >= 5 && input[position] == 0x48 && input[position + 1] == 0x45
            && input[position + 2] == 0x41 && input[position + 3] == 0x44 && input[position + 4] == 0x20
    }

    /// Returns the next complete line without its CRLF, and moves `position` after it; nil if the line is incomplete.
    private mutating func line(
        _ input: Span<UInt8>, _ position: inout Int, limit: Int, _ tooLong: HTTPParseError
    ) throws(HTTPParseError) -> Range<Int>? {
        guard let feed = input.firstLineFeed(from: position + scanned) else {
            scanned = input.count - position
            // The last of these bytes may be the line's CR, which does not count.
            guard scanned <= limit + 1 else { throw tooLong }
            return nil
        }
        scanned = 0
        guard feed - position <= limit + 1 else { throw tooLong }
        guard feed > position, input[feed - 1] == 0x0D else { throw .bareLineFeed }
        let line = position..<feed - 1
        position = feed + 1
        return line
    }

    private mutating func fieldLine(
        _ input: Span<UInt8>, _ position: inout Int
    ) throws(HTTPParseError) -> Range<Int>? {
        try line(input, &position, limit: limits.fields - section.size, .fieldsTooLarge)
    }

    private mutating func head() throws(HTTPParseError) -> HTTPRequestHead {
        let body = try section.body(version: request.version)
        if case .length(let length) = body, let limit = limits.body, length > limit { throw .bodyTooLarge }
        try section.checkHost(version: request.version)
        if let authority = request.authority, !request.rawPath.isEmpty { section.fields["host"] = authority }
        let keepAlive = request.version == .http11 ? !section.closes : section.keepsAlive && !section.closes
        let head = HTTPRequestHead(
            method: request.method, rawPath: request.rawPath, path: request.path, queryString: request.queryString,
            authority: request.authority, version: request.version, fields: section.fields, body: body,
            keepAlive: keepAlive, expectsContinue: section.expectsContinue && request.version == .http11)
        received = 0
        extensions = 0
        section = HTTPFieldSection()
        section.isTrailer = true
        switch body {
        case .none: state = .end
        case .length(let length): state = .body(length)
        case .chunked: state = .chunkSize
        }
        return head
    }

    /// Reads a chunk's size line, `chunk-size [ chunk-ext ]` (RFC 9112 §7.1).
    private mutating func startChunk(_ line: Span<UInt8>) throws(HTTPParseError) {
        var size = 0
        var index = 0
        while index < line.count, let digit = line[index].hexadecimalValue {
            guard size >> 58 == 0 else { throw .chunkLine }
            size = size << 4 | Int(digit)
            index += 1
        }
        guard index > 0 else { throw .chunkLine }
        if index < line.count {
            guard line[index] == 0x3B, line.extracting(index..<line.count).isHTTPFieldValue else { throw .chunkLine }
            extensions += line.count - index
            guard extensions <= limits.chunkExtensions else { throw .chunkLine }
        }
        guard size > 0 else {
            state = .trailers
            return
        }
        received = received.addingReportingOverflow(size).overflow ? Int.max : received + size
        if let limit = limits.body, received > limit { throw .bodyTooLarge }
        state = .chunk(size)
    }
}

/// An error in a request, with the status of the response. The connection must be closed after it, because the start of
/// the next request is unknown.
package struct HTTPParseError: Error, Hashable, Sendable, CustomStringConvertible {
    package let status: HTTPStatus
    /// The problem, in words that are safe to show to the client.
    package let reason: String

    package init(_ status: HTTPStatus, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    package var description: String { "\(status): \(reason)" }

    static func bad(_ reason: String) -> HTTPParseError { HTTPParseError(.badRequest, reason) }

    static let bareLineFeed = bad("A line ends in LF without CR.")
    static let requestLineTooLong = HTTPParseError(.uriTooLong, "The request line is too long.")
    static let requestLine = bad("The request line is not 'method target HTTP/version'.")
    static let tls = bad(
        "The client speaks TLS, and this port does not. Use http:// or ws://, or a proxy that terminates TLS.")
    static let method = bad("The method is not a token.")
    static let target = bad("The request target contains a character that must be percent-encoded.")
    static let targetForm = bad("The request target's form does not fit the method.")
    static let percent = bad("The percent-decoded path is not valid UTF-8, or contains NUL.")
    static let combiningMarks = bad(
        "The request contains more than 30 combining marks in a row (Unicode UAX #15, Stream-Safe Text Format).")
    static let version = HTTPParseError(.versionNotSupported, "Only HTTP/1.0 and HTTP/1.1 are supported.")
    static let emptyLines = bad("Too many empty lines before the request line.")
    static let fieldsTooLarge = HTTPParseError(.headerFieldsTooLarge, "The headers are too large.")
    static let tooManyFields = HTTPParseError(.headerFieldsTooLarge, "Too many headers.")
    static let folded = bad("A header line begins with white space; folded lines are obsolete.")
    static let fieldName = bad("A header's name is not a token directly followed by a colon.")
    static let fieldValue = bad("A header's value contains a control character.")
    static let contentLength = bad("Content-Length is not a single number.")
    static let bothFramings = bad("Content-Length and Transfer-Encoding cannot be combined.")
    static let codingOnOldVersion = bad("HTTP/1.0 has no Transfer-Encoding.")
    static let codingNotFinal = bad("Transfer-Encoding must end with 'chunked', exactly once.")
    static let codingUnknown = HTTPParseError(.notImplemented, "The only supported transfer coding is chunked.")
    static let host = bad("HTTP/1.1 requires exactly one valid Host header.")
    static let bodyTooLarge = HTTPParseError(.contentTooLarge, "The body is too large.")
    static let chunkLine = bad("A chunk's line is not a hexadecimal size with short extensions.")
    static let chunkEnd = bad("A chunk's data is not followed by CRLF.")
}

/// The size limits of a request. The number at the end of each description is the response's status above the limit.
public struct HTTPLimits: Sendable, Hashable {
    /// The maximum length of the request line in bytes, without its line end; 414.
    public var requestLine = 8 * 1024
    /// The maximum size of all header lines, or of all trailer lines, with their line ends, in bytes; 431.
    public var fields = 16 * 1024
    /// The maximum number of header lines, or of trailer lines; 431.
    public var fieldCount = 100
    /// The maximum size of the body in bytes, without its framing; 413. If nil, the reader of the body must limit it.
    public var body: Int?
    /// The maximum length of a chunk's size line with its extensions, in bytes; 400.
    public var chunkLine = 256
    /// The maximum size of the extensions of all chunks of a body, in bytes; 400. The server ignores extensions.
    public var chunkExtensions = 16 * 1024
    /// The maximum number of empty lines before a request line, which a server should ignore (RFC 9112 §2.2); 400.
    public var emptyLines = 4

    /// Creates the default limits.
    public init() {}
}
