public import StraitCore

/// A connection's type, request and routing state; Channels' and ASGI's `scope`.
///
/// Routers and middleware read the scope and pass on a changed copy. Copies share memory until one is changed, which
/// makes copying cheap.
public struct Scope: Sendable, ServiceProvider {
    /// The type of a connection; ASGI's `type`.
    public enum Kind: String, Sendable, Hashable {
        /// A plain HTTP request.
        case http
        /// A WebSocket handshake.
        case webSocket = "websocket"
        /// A channel that a worker reads. There is no connection.
        case channel
    }

    /// The parts of the request, which middleware rarely changes.
    private struct Message: Sendable {
        var type: Kind
        var method: HTTPMethod
        var scheme: String
        var httpVersion: HTTPVersion
        var path: String
        var rawPath: String
        var rootPath: String
        var queryString: String
        var headers: HTTPFields
        var client: SocketAddress?
        var server: SocketAddress?
        var subprotocols: [String]
        var services: Services
    }

    /// The state gathered during routing. It is small because each router and middleware copies it.
    private struct Findings: Sendable {
        var cookies: [String: String]?
        var urlRoute = URLRoute()
        /// The offset in the path's UTF-8 from which the next router matches; negative before the first router.
        var remaining = -1
        /// The values that middleware stored. An array is fastest because there are only a few.
        var extras: [StoredValue] = []
        // The framework's own middleware stores these for each request. Keeping them in `extras` would add a tenth to a
        // page's time.
        var requestID: RequestIdentity?
        var protection: (any AnyObject & Sendable)?
    }

    // SAFETY: this class stores nothing, and its only subclass is immutable.
    fileprivate class AnySlot: @unchecked Sendable {}

    // SAFETY: the stored value never changes.
    fileprivate final class Slot<Value: Sendable>: AnySlot, @unchecked Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    // Copy-on-write storage. Each idle socket keeps both blocks. Arrays would need a larger allocation, and a generic
    // class would need a type lookup for each request.

    // SAFETY: a scope changes a block only if it holds the only reference to it.
    private final class MessageBlock: @unchecked Sendable {
        var contents: Message
        init(_ contents: Message) { self.contents = contents }
    }

    // SAFETY: see `MessageBlock`.
    private final class FindingsBlock: @unchecked Sendable {
        var contents: Findings
        init(_ contents: Findings) { self.contents = contents }
    }

    private var message: MessageBlock
    private var findings: FindingsBlock

    /// Returns the block, replaced by a copy if another scope shares it.
    private static func own(_ block: inout MessageBlock) -> MessageBlock {
        if !isKnownUniquelyReferenced(&block) { block = MessageBlock(block.contents) }
        return block
    }

    private static func own(_ block: inout FindingsBlock) -> FindingsBlock {
        if !isKnownUniquelyReferenced(&block) { block = FindingsBlock(block.contents) }
        return block
    }

    /// Creates a scope for tests and tools. The server creates scopes from requests.
    public init(
        type: Kind = .http, method: HTTPMethod = .get, scheme: String? = nil, httpVersion: HTTPVersion = .http11,
        path: String, rawPath: String? = nil, rootPath: String = "", queryString: String = "",
        headers: HTTPFields = HTTPFields(), client: SocketAddress? = nil, server: SocketAddress? = nil,
        subprotocols: [String] = [], services: Services = .none
    ) {
        message = MessageBlock(
            Message(
                type: type, method: method, scheme: scheme ?? (type == .http ? "http" : "ws"),
                httpVersion: httpVersion, path: path, rawPath: rawPath ?? PercentEncoding.encode(path, allowing: .path),
                rootPath: rootPath, queryString: queryString, headers: headers, client: client, server: server,
                subprotocols: subprotocols, services: services))
        findings = FindingsBlock(Findings())
    }

    /// Creates the scope of a worker that reads `channel`; Channels' `{"type": "channel", "channel": …}`.
    public init(channel: String, services: Services = .none) {
        self.init(type: .channel, scheme: "", path: channel, services: services)
    }

    /// Creates the scope of a request. Its subprotocols come from the `Sec-WebSocket-Protocol` headers (RFC 6455 §4.1).
    package init(
        type: Kind, head: HTTPRequestHead, isSecure: Bool, rootPath: String = "", client: SocketAddress?,
        server: SocketAddress?, services: Services
    ) {
        var subprotocols: [String] = []
        if type == .webSocket {
            for value in head.fields.values(of: "sec-websocket-protocol") {
                for name in value.split(separator: ",") {
                    let name = name.drop { $0 == " " || $0 == "\t" }
                    let end = name.lastIndex { $0 != " " && $0 != "\t" }
                    if let end { subprotocols.append(String(name[...end])) }
                }
            }
        }
        self.init(
            type: type, method: head.method, scheme: (type == .http ? "http" : "ws") + (isSecure ? "s" : ""),
            httpVersion: head.version, path: head.path, rawPath: head.rawPath, rootPath: rootPath,
            queryString: head.queryString, headers: head.fields, client: client, server: server,
            subprotocols: subprotocols, services: services)
    }

    /// The site's services, or ``/StraitCore/Services/none`` if the scope was created without any.
    public package(set) var services: Services {
        get { message.contents.services }
        set { Self.own(&message).contents.services = newValue }
    }

    /// The connection's type: a plain request, a WebSocket handshake, or a worker's channel.
    public var type: Kind { message.contents.type }

    /// The channel that a worker reads, or nil for a connection.
    public var channel: String? { type == .channel ? path : nil }

    /// The request's method. It is `GET` for a WebSocket over HTTP/1.1.
    public var method: HTTPMethod { message.contents.method }

    /// `http`, `https`, `ws` or `wss`. Middleware that trusts a proxy may change it.
    public var scheme: String {
        get { message.contents.scheme }
        set { Self.own(&message).contents.scheme = newValue }
    }

    /// The request's HTTP version.
    public var httpVersion: HTTPVersion { message.contents.httpVersion }

    /// The complete decoded path, including ``rootPath``.
    public var path: String {
        get { message.contents.path }
        set { Self.own(&message).contents.path = newValue }
    }

    /// The percent-encoded path as the client sent it.
    public var rawPath: String { message.contents.rawPath }

    /// The prefix under which the application is mounted, without a trailing slash. Routes don't see it, and reversed
    /// paths begin with it.
    public var rootPath: String {
        get { message.contents.rootPath }
        set { Self.own(&message).contents.rootPath = newValue }
    }

    /// The query string as the client sent it, without the `?`.
    public var queryString: String { message.contents.queryString }

    /// The parsed query. Each access parses it again.
    public var query: QueryString { QueryString(parsing: message.contents.queryString) }

    /// The request's headers.
    public var headers: HTTPFields {
        get { message.contents.headers }
        set { Self.own(&message).contents.headers = newValue }
    }

    /// The client's address, if known.
    public var client: SocketAddress? {
        get { message.contents.client }
        set { Self.own(&message).contents.client = newValue }
    }

    /// The server's address, if known.
    public var server: SocketAddress? {
        get { message.contents.server }
        set { Self.own(&message).contents.server = newValue }
    }

    /// The subprotocols that a WebSocket client offers, in order of preference. The consumer picks one when it accepts.
    public var subprotocols: [String] {
        get { message.contents.subprotocols }
        set { Self.own(&message).contents.subprotocols = newValue }
    }

    /// The request's cookies. Each access parses the header unless ``/StraitRouting/CookieMiddleware`` has stored them.
    public var cookies: [String: String] {
        get { findings.contents.cookies ?? Self.cookies(in: headers) }
        set { Self.own(&findings).contents.cookies = newValue }
    }

    package static func cookies(in headers: HTTPFields) -> [String: String] {
        Cookie.parse(headers.values(of: "cookie").joined(separator: "; "))
    }

    /// The ID that `RequestIDMiddleware` assigned.
    package var requestIdentity: RequestIdentity? {
        get { findings.contents.requestID }
        set { Self.own(&findings).contents.requestID = newValue }
    }

    /// The state that `CSRFViewMiddleware` keeps for the request.
    package var protection: (any AnyObject & Sendable)? {
        get { findings.contents.protection }
        set { Self.own(&findings).contents.protection = newValue }
    }

    /// Whether `CookieMiddleware` has stored the cookies.
    package var keepsCookies: Bool { findings.contents.cookies != nil }

    /// The name and the arguments of the routes that matched.
    public var urlRoute: URLRoute {
        get { findings.contents.urlRoute }
        set { Self.own(&findings).contents.urlRoute = newValue }
    }

    /// The value of this type that middleware stored, such as a session, a user or a tenant; nil if there is none.
    ///
    /// ```swift
    /// struct Tenant { let name: String }
    /// scope[Tenant.self] = Tenant(name: "acme")
    /// ```
    ///
    /// A scope holds one value of each type. Wrap a plain string in its own type.
    public subscript<Value: Sendable>(type: Value.Type) -> Value? {
        get {
            let id = ObjectIdentifier(type)
            for extra in findings.contents.extras where extra.type == id {
                // SAFETY: only the setter below stores values under this type, and it always stores a `Slot<Value>`. A
                // checked cast costs more than the rest of the search.
                return unsafe unsafeDowncast(extra.slot, to: Slot<Value>.self).value
            }
            return nil
        }
        set {
            let id = ObjectIdentifier(type)
            let findings = Self.own(&findings)
            let index = findings.contents.extras.firstIndex { $0.type == id }
            switch (index, newValue) {
            case (let index?, let value?): findings.contents.extras[index].slot = Slot(value)
            case (let index?, nil): findings.contents.extras.remove(at: index)
            case (nil, let value?): findings.contents.extras.append(StoredValue(type: id, slot: Slot(value)))
            case (nil, nil): break
            }
        }
    }

    /// A stored value and its type.
    private struct StoredValue: Sendable {
        let type: ObjectIdentifier
        var slot: AnySlot
    }

    /// Prepends the root path to the path if a proxy has removed it.
    package mutating func mount() {
        let root = rootPath
        guard !root.isEmpty, !path.hasSameBytes(as: root), !path.utf8.starts(with: (root + "/").utf8) else { return }
        Self.own(&message).contents.path = root + path
    }

    /// The percent-encoded path that a client has to request, including ``rootPath`` even if a proxy removed it.
    package var mountedRawPath: String {
        let root = PercentEncoding.encode(rootPath, allowing: .path)
        // `rawPath` is ASCII.
        return rootPath.isEmpty || rawPath == root || rawPath.hasPrefix(root + "/") ? rawPath : root + rawPath
    }

    /// The offset in the UTF-8 of ``path`` up to which routers have matched; negative before the first router.
    package var matchedEnd: Int { findings.contents.remaining }

    /// Records that a router matched up to the offset `end`, and updates the route with `extend`. The next router
    /// matches from `end` on.
    package mutating func enter(end: Int, _ extend: (inout URLRoute) -> Void) {
        let findings = Self.own(&findings)
        extend(&findings.contents.urlRoute)
        findings.contents.remaining = end
    }
}

/// The ID of a request.
package enum RequestIdentity: Sendable {
    /// A random prefix shared by all IDs of a site, and the request's number. IDs are not secret.
    case numbered(prefix: UInt64, number: UInt64)
    /// The ID that a proxy sent.
    case given(String)

    /// The ID as text: 32 hexadecimal digits, or the proxy's ID unchanged.
    package var text: String {
        switch self {
        case .given(let text): return text
        case .numbered(let prefix, let number):
            return unsafe String(unsafeUninitializedCapacity: 32) { digits in
                // SAFETY: the buffer has room for 32 digits, and each index is below 32.
                for index in 0..<16 {
                    unsafe digits[index] = Self.digit(prefix, index)
                    unsafe digits[16 + index] = Self.digit(number, index)
                }
                return 32
            }
        }
    }

    /// Returns the hexadecimal digit at `index`, from 0 (the most significant) to 15.
    private static func digit(_ number: UInt64, _ index: Int) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * index)) & 0xF
        return value < 10 ? 0x30 + value : 0x57 + value
    }
}

extension Scope {
    /// The ID that `RequestIDMiddleware` assigned to the request, or nil if it is not installed.
    public var requestID: String? { requestIdentity?.text }
}
