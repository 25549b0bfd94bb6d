internal import StraitCore

/// The header or trailer section of a message, with its rules for framing and the connection (RFC 9112 §5, §6).
struct HTTPFieldSection {
    var fields = HTTPFields()
    /// The size of all lines with their line ends, in bytes.
    private(set) var size = 0
    var isTrailer = false

    private(set) var closes = false
    private(set) var keepsAlive = false
    private(set) var expectsContinue = false
    private var lineCount = 0
    private var hosts = 0
    private var contentLength: Int?
    private var codings = 0
    private var chunkedCodings = 0
    private var endsInChunked = false

    /// Reads one line, without its CRLF.
    ///
    /// - Parameter expected: The number of this section's bytes that have arrived, or an estimate. Memory is reserved
    ///   for them, because an idle connection keeps its request's headers.
    mutating func add(_ line: Span<UInt8>, expected: Int, limits: HTTPLimits) throws(HTTPParseError) {
        size += line.count + 2
        lineCount += 1
        guard lineCount <= limits.fieldCount else { throw .tooManyFields }
        guard !line[0].isHTTPSpace else { throw .folded }
        var colon = 0
        var hasUnderscore = false
        let isToken = unsafe line.withUnsafeBytes { raw in
            // SAFETY: the loop stays below `raw.count`.
            while colon < raw.count, unsafe raw[colon] != 0x3A {
                guard unsafe raw[colon].isHTTPToken else { return false }
                if unsafe raw[colon] == 0x5F { hasUnderscore = true }
                colon &+= 1
            }
            return true
        }
        guard isToken else { throw .fieldName }
        guard colon > 0, colon < line.count else { throw .fieldName }
        // A limit above 64 KiB allows longer lines, but not longer names.
        guard colon <= HTTPFields.longestName else { throw .fieldsTooLarge }
        let name = line.extracting(0..<colon)
        let value = line.extracting(line.trimmed(colon &+ 1..<line.count))
        guard value.isHTTPFieldValue else { throw .fieldValue }
        guard StreamSafeText.isStreamSafe(value) else { throw .combiningMarks }
        guard !hasUnderscore else { return }
        if isTrailer {
            if Self.mayTrail(name) { fields.append(uncheckedName: name, value: value) }
            return
        }
        if fields.isEmpty { fields = HTTPFields(reserving: min(expected, 1024), count: 4) }
        if try interpret(name, value) { fields.append(uncheckedName: name, value: value) }
    }

    /// Applies a header to the framing and the connection. Returns false for a header that only repeats another.
    @inline(__always)
    private mutating func interpret(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(HTTPParseError) -> Bool {
        switch name.count {
        case 4 where name.equalsIgnoringCase("host"):
            hosts += 1
            guard hosts == 1, HTTPAuthority.isValid(value) else { throw .host }
        case 6 where name.equalsIgnoringCase("expect"):
            if value.equalsIgnoringCase("100-continue") { expectsContinue = true }
        case 10 where name.equalsIgnoringCase("connection"):
            Self.forEachElement(of: value) { element in
                if element.equalsIgnoringCase("close") { closes = true }
                if element.equalsIgnoringCase("keep-alive") { keepsAlive = true }
            }
        case 14 where name.equalsIgnoringCase("content-length"):
            let length = try Self.length(value)
            if let contentLength {
                guard contentLength == length else { throw .contentLength }
                return false
            }
            contentLength = length
        case 17 where name.equalsIgnoringCase("transfer-encoding"):
            Self.forEachElement(of: value) { element in
                codings += 1
                endsInChunked = element.equalsIgnoringCase("chunked")
                if endsInChunked { chunkedCodings += 1 }
            }
            if codings == 0 { throw .codingNotFinal }
        default: break
        }
        return true
    }

    /// Returns the framing of the body (RFC 9112 §6.3).
    func body(version: HTTPVersion) throws(HTTPParseError) -> HTTPRequestHead.Body {
        if codings > 0 {
            guard version == .http11 else { throw .codingOnOldVersion }
            guard contentLength == nil else { throw .bothFramings }
            guard endsInChunked, chunkedCodings == 1 else { throw .codingNotFinal }
            guard codings == 1 else { throw .codingUnknown }
            return .chunked
        }
        guard let contentLength, contentLength > 0 else { return .none }
        return .length(contentLength)
    }

    func checkHost(version: HTTPVersion) throws(HTTPParseError) {
        if version == .http11, hosts == 0 { throw .host }
    }

    /// Returns the trailers, and leaves this value empty.
    mutating func takeTrailers() -> HTTPFields {
        defer { self = HTTPFieldSection() }
        return fields
    }

    private static func length(_ value: Span<UInt8>) throws(HTTPParseError) -> Int {
        guard !value.isEmpty else { throw .contentLength }
        var length = 0
        var index = 0
        while index < value.count {
            guard value[index].isASCIIDigit else { throw .contentLength }
            let (product, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(value[index] &- 0x30))
            guard !overflow, !carry else { throw .contentLength }
            length = sum
            index &+= 1
        }
        return length
    }

    /// Calls `body` with each element of a comma-separated list. Empty elements are ignored (RFC 9110 §5.6.1.2).
    private static func forEachElement(of list: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var start = 0
        var index = 0
        while index <= list.count {
            if index == list.count || list[index] == 0x2C {
                let element = list.trimmed(start..<index)
                if !element.isEmpty { body(list.extracting(element)) }
                start = index &+ 1
            }
            index &+= 1
        }
    }

    /// Whether a header is allowed as a trailer (RFC 9110 §6.5.1). Headers that affect framing, routing, authorization
    /// or content are not, because these are decided before the trailers arrive.
    private static func mayTrail(_ name: Span<UInt8>) -> Bool {
        let barred: [StaticString] = [
            "content-length", "transfer-encoding", "host", "connection", "upgrade", "te", "trailer", "expect",
            "keep-alive", "cookie", "set-cookie", "authorization", "proxy-authorization", "content-type",
            "content-encoding", "content-range", "origin", "forwarded", "x-forwarded-for", "x-forwarded-proto",
            "x-forwarded-host", "x-forwarded-port",
        ]
        return !barred.contains { name.equalsIgnoringCase($0) }
    }
}
