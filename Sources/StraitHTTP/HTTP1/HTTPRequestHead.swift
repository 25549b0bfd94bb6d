internal import StraitCore

/// A request without its body: the parsed request line and the headers.
package struct HTTPRequestHead: Sendable, Equatable {
    /// The framing of the body (RFC 9112 §6.3).
    package enum Body: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    package var method: HTTPMethod
    /// The target's path, percent-encoded as the client sent it; ASGI's `raw_path`. `*` for `OPTIONS *`, empty for
    /// CONNECT.
    package var rawPath: String
    /// The decoded path; ASGI's `path`.
    package var path: String
    /// The target's query as the client sent it, without `?`.
    package var queryString: String
    /// The host and port in an absolute-form or authority-form target (RFC 9112 §3.2). The absolute form also replaces
    /// the `Host` header, as §3.2.2 requires.
    package var authority: String?
    package var version: HTTPVersion
    package var fields: HTTPFields
    package var body: Body
    /// Whether the client allows another request on the connection (RFC 9112 §9.3).
    package var keepAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
    package var expectsContinue: Bool

    /// Creates a head without the parser, for tests and other sources of requests.
    package init(
        method: HTTPMethod = .get, rawPath: String, path: String? = nil, queryString: String = "",
        authority: String? = nil, version: HTTPVersion = .http11, fields: HTTPFields = HTTPFields(), body: Body = .none,
        keepAlive: Bool = true, expectsContinue: Bool = false
    ) {
        self.method = method
        self.rawPath = rawPath
        self.path = path ?? PercentEncoding.decode(rawPath) ?? rawPath
        self.queryString = queryString
        self.authority = authority
        self.version = version
        self.fields = fields
        self.body = body
        self.keepAlive = keepAlive
        self.expectsContinue = expectsContinue
    }
}

/// A parsed request line (RFC 9112 §3).
struct HTTPRequestLine {
    var method = HTTPMethod.get
    var rawPath = ""
    var path = ""
    var queryString = ""
    var authority: String?
    var version = HTTPVersion.http11

    init() {}

    init(_ line: Span<UInt8>) throws(HTTPParseError) {
        var first = 0
        while first < line.count, line[first] != 0x20 { first &+= 1 }
        var last = line.count
        while last > first, line[last &- 1] != 0x20 { last &-= 1 }
        last &-= 1
        guard first > 0, first &+ 1 < last else { throw .requestLine }
        method = try Self.method(line.extracting(0..<first))
        version = try Self.version(line.extracting(last &+ 1..<line.count))
        try readTarget(line.extracting(first &+ 1..<last))
    }

    private static func method(_ name: Span<UInt8>) throws(HTTPParseError) -> HTTPMethod {
        var index = 0
        while index < name.count {
            guard name[index].isHTTPToken else { throw .method }
            index &+= 1
        }
        return HTTPMethod(rawValue: String(ascii: name))
    }

    /// Reads the version. A higher minor version counts as 1.1, the highest supported version (RFC 9110 §2.5).
    private static func version(_ text: Span<UInt8>) throws(HTTPParseError) -> HTTPVersion {
        // SAFETY: the loop reads the five bytes of the static string, which is never freed.
        let name: StaticString = "HTTP/"
        guard text.count == 8, text[5].isASCIIDigit, text[6] == 0x2E, text[7].isASCIIDigit else { throw .requestLine }
        for index in 0..<5 { guard unsafe text[index] == name.utf8Start[index] else { throw .requestLine } }
        guard text[5] == 0x31 else { throw .version }
        return text[7] == 0x30 ? .http10 : .http11
    }

    private mutating func readTarget(_ target: Span<UInt8>) throws(HTTPParseError) {
        var question = target.count
        var isCoded = false
        var index = 0
        while index < target.count {
            let byte = target[index]
            guard byte.isHTTPTarget else { throw .target }
            if byte == 0x3F, question == target.count { question = index }
            if byte == 0x25, question == target.count { isCoded = true }
            index &+= 1
        }
        if question < target.count { queryString = String(ascii: target.extracting(question &+ 1..<target.count)) }
        if method == .connect {
            guard let named = HTTPAuthority(target), !named.host.isEmpty, named.port != nil else { throw .targetForm }
            authority = String(ascii: target)
        } else if target[0] == 0x2F {
            try setPath(target.extracting(0..<question), isCoded: isCoded)
        } else if target.count == 1, target[0] == 0x2A {
            guard method == .options else { throw .targetForm }
            rawPath = "*"
            path = "*"
        } else {
            try readAbsolute(target.extracting(0..<question), isCoded: isCoded)
        }
    }

    /// Reads a target in absolute form, `http://host:port/path` (RFC 9112 §3.2.2).
    private mutating func readAbsolute(_ target: Span<UInt8>, isCoded: Bool) throws(HTTPParseError) {
        let parts = URLParts(String(ascii: target))
        guard let (scheme, authority) = parts.site, scheme == "http" || scheme == "https",
            let named = HTTPAuthority(authority.utf8.span), !named.host.isEmpty
        else { throw .targetForm }
        self.authority = String(authority)
        if parts.path.isEmpty {
            rawPath = "/"
            path = "/"
        } else {
            try setPath(parts.path.utf8.span, isCoded: isCoded)
        }
    }

    private mutating func setPath(_ raw: Span<UInt8>, isCoded: Bool) throws(HTTPParseError) {
        rawPath = String(ascii: raw)
        guard isCoded else {
            path = rawPath
            return
        }
        guard let decoded = PercentEncoding.decode(raw), !decoded.utf8.contains(0) else { throw .percent }
        guard StreamSafeText.isStreamSafe(decoded.utf8.span) else { throw .combiningMarks }
        path = decoded
    }
}
