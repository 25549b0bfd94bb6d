public import StraitHTTP
public import StraitNetwork

/// What a connection is about: Channels' and ASGI's `scope`. Routers and middleware read it and pass on a changed copy.
///
/// A copy shares its memory until it is changed, so that passing a scope on costs nothing.
public struct Scope: Sendable, ServiceProvider {
    /// What kind of connection this is; ASGI's `type`.
    public enum Kind: String, Sendable, Hashable {
        case http
        case webSocket = "websocket"
        /// A channel that a worker reads, and no connection at all.
        case channel
    }

    /// What the request said, which middleware hardly ever changes.
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

    /// What is found out on the way to the endpoint. It is small, as each router and middleware copies it.
    private struct Findings: Sendable {
        var cookies: [String: String]?
        var urlRoute = URLRoute()
        /// Where in the path's UTF-8 the next router begins; less than 0 before the first.
        var remaining = -1
        /// The values that middleware stored; a few at most, so an array finds them fastest.
        var extras: [StoredValue] = []
        // What the framework's own middleware stores for each page has a field: it costs a tenth of a page otherwise.
        var requestID: RequestIdentity?
        var protection: (any AnyObject & Sendable)?
    }

    /// `@unchecked Sendable` is sound as it holds nothing, and the one class beneath it says the same of itself.
    fileprivate class AnySlot: @unchecked Sendable {}

    /// A value that was stored. `@unchecked Sendable` is sound as it never changes.
    fileprivate final class Slot<Value: Sendable>: AnySlot, @unchecked Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    // Blocks of memory that scopes share until one of them changes a block. Each of many idle sockets has both, so that
    // they are no arrays, whose beginning is larger, and a generic class would have its type looked up for each page.

    // SAFETY: a block is changed only by a scope that has the one reference to it.
    private final class MessageBlock: @unchecked Sendable {
        var contents: Message
        init(_ contents: Message) { self.contents = contents }
    }

    // SAFETY: as `MessageBlock`.
    private final class FindingsBlock: @unchecked Sendable {
        var contents: Findings
        init(_ contents: Findings) { self.contents = contents }
    }

    private var message: MessageBlock
    private var findings: FindingsBlock

    /// The block to change: a copy if another scope has it, too.
    private static func own(_ block: inout MessageBlock) -> MessageBlock {
        if !isKnownUniquelyReferenced(&block) { block = MessageBlock(block.contents) }
        return block
    }

    private static func own(_ block: inout FindingsBlock) -> FindingsBlock {
        if !isKnownUniquelyReferenced(&block) { block = FindingsBlock(block.contents) }
        return block
    }

    /// A scope by hand, for tests and tools; the server makes its own from requests.
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

    /// The scope of a worker that reads `channel`; Channels' `{"type": "channel", "channel": …}`.
    public init(channel: String, services: Services = .none) {
        self.init(type: .channel, scheme: "", path: channel, services: services)
    }

    /// The scope of a request; its subprotocols are those that its `Sec-WebSocket-Protocol` fields list (RFC 6455
    /// §4.1).
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

    /// The services of the site; ``/StraitNetwork/Services/none`` for a scope that was made without any.
    public package(set) var services: Services {
        get { message.contents.services }
        set { Self.own(&message).contents.services = newValue }
    }

    /// Whether this is a plain request or a WebSocket handshake.
    public var type: Kind { message.contents.type }

    /// The channel that a worker reads; nil for a connection.
    public var channel: String? { type == .channel ? path : nil }

    /// The request's method; GET for a WebSocket over HTTP/1.1.
    public var method: HTTPMethod { message.contents.method }

    /// `http`, `https`, `ws` or `wss`; middleware that trusts a proxy may change it.
    public var scheme: String {
        get { message.contents.scheme }
        set { Self.own(&message).contents.scheme = newValue }
    }

    public var httpVersion: HTTPVersion { message.contents.httpVersion }

    /// The whole path, decoded, with ``rootPath`` in front.
    public var path: String {
        get { message.contents.path }
        set { Self.own(&message).contents.path = newValue }
    }

    /// The path as it came, percent-coded.
    public var rawPath: String { message.contents.rawPath }

    /// The prefix under which the application is mounted, without a slash at its end: routes do not see it, and
    /// reversed names begin with it.
    public var rootPath: String {
        get { message.contents.rootPath }
        set { Self.own(&message).contents.rootPath = newValue }
    }

    /// The query as it came, without `?`.
    public var queryString: String { message.contents.queryString }

    /// The query taken apart, anew at each access.
    public var query: QueryString { QueryString(parsing: message.contents.queryString) }

    /// The request's header fields.
    public var headers: HTTPFields {
        get { message.contents.headers }
        set { Self.own(&message).contents.headers = newValue }
    }

    /// The other end of the connection, where it is known.
    public var client: SocketAddress? {
        get { message.contents.client }
        set { Self.own(&message).contents.client = newValue }
    }

    /// This end of the connection, where it is known.
    public var server: SocketAddress? {
        get { message.contents.server }
        set { Self.own(&message).contents.server = newValue }
    }

    /// What a WebSocket client would speak, in its order of preference; the consumer picks one when it accepts.
    public var subprotocols: [String] { message.contents.subprotocols }

    /// The request's cookies. Each access reads the header, unless a ``CookieMiddleware`` has kept them.
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

    /// Whether a ``CookieMiddleware`` has kept the cookies.
    var keepsCookies: Bool { findings.contents.cookies != nil }

    /// What the routers that led here captured.
    public var urlRoute: URLRoute {
        get { findings.contents.urlRoute }
        set { Self.own(&findings).contents.urlRoute = newValue }
    }

    /// The value of this type that middleware stored: a session, a user, a tenant. Nil if there is none.
    ///
    /// ```swift
    /// struct Tenant { let name: String }
    /// scope[Tenant.self] = Tenant(name: "acme")
    /// ```
    ///
    /// A scope has one value of each type, so give a value that is only a text a type of its own.
    public subscript<Value: Sendable>(type: Value.Type) -> Value? {
        get {
            let id = ObjectIdentifier(type)
            for extra in findings.contents.extras where extra.type == id {
                // SAFETY: only the setter below stores under this type, and only such a slot. A cast that looks the type
                // up costs more than all the rest of the search.
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

    /// A value under its type.
    private struct StoredValue: Sendable {
        let type: ObjectIdentifier
        var slot: AnySlot
    }

    /// Puts the root path in front of the request's, where a proxy has taken it away.
    package mutating func mount() {
        let root = rootPath
        guard !root.isEmpty, !path.hasSameBytes(as: root), !path.utf8.starts(with: (root + "/").utf8) else { return }
        Self.own(&message).contents.path = root + path
    }

    /// The path as a client that is led here has to ask for it, percent-coded: ``rawPath`` beneath ``rootPath``, where a
    /// proxy has taken that away or not.
    package var mountedRawPath: String {
        let root = PercentEncoding.encode(rootPath, allowing: .path)
        // The raw path is ASCII.
        return rootPath.isEmpty || rawPath == root || rawPath.hasPrefix(root + "/") ? rawPath : root + rawPath
    }

    /// Where in the UTF-8 of ``path`` a router has to begin: behind what outer routers matched, or behind the root
    /// path.
    package func routingStart() throws(RoutingError) -> Int {
        let bytes = path.utf8
        let remaining = findings.contents.remaining
        var start = max(0, remaining)
        if remaining < 0, !rootPath.isEmpty {
            let rest = bytes.dropFirst(rootPath.utf8.count)
            guard bytes.starts(with: rootPath.utf8), rest.isEmpty || rest.first == 0x2F || rootPath.utf8.last == 0x2F
            else { throw .rootPath(rootPath, path: path) }
            start = rootPath.utf8.count
        }
        if start < bytes.count, bytes[bytes.index(bytes.startIndex, offsetBy: start)] == 0x2F { start += 1 }
        return start
    }

    /// Notes that a router matched up to `end`, so that the next one begins there, and changes the route as `extend`
    /// does.
    mutating func enter(end: Int, _ extend: (inout URLRoute) -> Void) {
        let findings = Self.own(&findings)
        extend(&findings.contents.urlRoute)
        findings.contents.remaining = end
    }
}
