public import StraitHTTP
public import StraitNetwork

/// What a connection is about: Channels' and ASGI's `scope`. Routers and middleware read it and pass on a changed copy.
///
/// A copy shares its memory until it is changed, so that passing a scope on costs nothing.
public struct Scope: Sendable {
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
    }

    /// What is found out on the way to the endpoint. It is small, as each router and middleware copies it.
    private struct Findings: Sendable {
        var cookies: [String: String]?
        var urlRoute = URLRoute()
        /// Where in the path's UTF-8 the next router begins; nil before the first.
        var remaining: Int?
        /// What ``ScopeKey``s stored; a few at most, so an array finds them fastest.
        var extras: [Extra] = []
    }

    /// No tuple: the runtime copies those member by member.
    private struct Extra: Sendable {
        let key: ObjectIdentifier
        var slot: AnySlot
    }

    /// `@unchecked Sendable` is sound as it holds nothing, and the one class beneath it says the same of itself.
    private class AnySlot: @unchecked Sendable {}

    /// A value that was stored. `@unchecked Sendable` is sound as it never changes.
    private final class Slot<Value: Sendable>: AnySlot, @unchecked Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    /// An array of one is a heap block that the language itself copies on the first write to a shared one.
    private var message: [Message]
    private var findings: [Findings]

    /// A scope by hand, for tests and tools; the server makes its own from requests.
    public init(
        type: Kind = .http, method: HTTPMethod = .get, scheme: String? = nil, httpVersion: HTTPVersion = .http11,
        path: String, rawPath: String? = nil, rootPath: String = "", queryString: String = "",
        headers: HTTPFields = HTTPFields(), client: SocketAddress? = nil, server: SocketAddress? = nil,
        subprotocols: [String] = []
    ) {
        message = [
            Message(
                type: type, method: method, scheme: scheme ?? (type == .http ? "http" : "ws"),
                httpVersion: httpVersion, path: path, rawPath: rawPath ?? PercentEncoding.encode(path, allowing: .path),
                rootPath: rootPath, queryString: queryString, headers: headers, client: client, server: server,
                subprotocols: subprotocols)
        ]
        findings = [Findings()]
    }

    /// The scope of a worker that reads `channel`; Channels' `{"type": "channel", "channel": …}`.
    public init(channel: String) { self.init(type: .channel, scheme: "", path: channel) }

    /// The scope of a request; its subprotocols are those that its `Sec-WebSocket-Protocol` fields list (RFC 6455
    /// §4.1).
    package init(
        type: Kind, head: HTTPRequestHead, isSecure: Bool, rootPath: String = "", client: SocketAddress?,
        server: SocketAddress?
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
            subprotocols: subprotocols)
    }

    /// Whether this is a plain request or a WebSocket handshake.
    public var type: Kind { message[0].type }

    /// The channel that a worker reads; nil for a connection.
    public var channel: String? { type == .channel ? path : nil }

    /// The request's method; GET for a WebSocket over HTTP/1.1.
    public var method: HTTPMethod { message[0].method }

    /// `http`, `https`, `ws` or `wss`; middleware that trusts a proxy may change it.
    public var scheme: String {
        get { message[0].scheme }
        set { message[0].scheme = newValue }
    }

    public var httpVersion: HTTPVersion { message[0].httpVersion }

    /// The whole path, decoded, with ``rootPath`` in front.
    public var path: String {
        get { message[0].path }
        set { message[0].path = newValue }
    }

    /// The path as it came, percent-coded.
    public var rawPath: String { message[0].rawPath }

    /// The prefix under which the application is mounted, without a slash at its end: routes do not see it, and
    /// reversed names begin with it.
    public var rootPath: String {
        get { message[0].rootPath }
        set { message[0].rootPath = newValue }
    }

    /// The query as it came, without `?`.
    public var queryString: String { message[0].queryString }

    /// The query taken apart, anew at each access.
    public var query: QueryString { QueryString(parsing: message[0].queryString) }

    /// The request's header fields.
    public var headers: HTTPFields {
        get { message[0].headers }
        set { message[0].headers = newValue }
    }

    /// The other end of the connection, where it is known.
    public var client: SocketAddress? {
        get { message[0].client }
        set { message[0].client = newValue }
    }

    /// This end of the connection, where it is known.
    public var server: SocketAddress? {
        get { message[0].server }
        set { message[0].server = newValue }
    }

    /// What a WebSocket client would speak, in its order of preference; the consumer picks one when it accepts.
    public var subprotocols: [String] { message[0].subprotocols }

    /// The request's cookies, or nil outside of a ``CookieMiddleware``.
    public var cookies: [String: String]? {
        get { findings[0].cookies }
        set { findings[0].cookies = newValue }
    }

    /// What the routers that led here captured.
    public var urlRoute: URLRoute {
        get { findings[0].urlRoute }
        set { findings[0].urlRoute = newValue }
    }

    /// The value that middleware stored under `key`, or the key's default.
    public subscript<Key: ScopeKey>(key: Key.Type) -> Key.Value {
        get {
            let id = ObjectIdentifier(key)
            for extra in findings[0].extras where extra.key == id {
                // Sound: only the setter below stores under this key, and only such a slot; a cast that looks the type
                // up costs more than all the rest of the search.
                return unsafe unsafeDowncast(extra.slot, to: Slot<Key.Value>.self).value
            }
            return Key.defaultValue
        }
        set {
            let id = ObjectIdentifier(key)
            let slot = Slot(newValue)
            if let index = findings[0].extras.firstIndex(where: { $0.key == id }) {
                findings[0].extras[index].slot = slot
            } else {
                findings[0].extras.append(Extra(key: id, slot: slot))
            }
        }
    }

    /// Puts the root path in front of the request's, where a proxy has taken it away.
    package mutating func mount() {
        let root = rootPath
        guard !root.isEmpty, path != root, !path.hasPrefix(root + "/") else { return }
        message[0].path = root + path
    }

    /// The path as a client that is led here has to ask for it, percent-coded: ``rawPath`` beneath ``rootPath``, where a
    /// proxy has taken that away or not.
    package var mountedRawPath: String {
        let root = PercentEncoding.encode(rootPath, allowing: .path)
        return rootPath.isEmpty || rawPath == root || rawPath.hasPrefix(root + "/") ? rawPath : root + rawPath
    }

    /// Where in the UTF-8 of ``path`` a router has to begin: behind what outer routers matched, or behind the root
    /// path.
    package func routingStart() throws(RoutingError) -> Int {
        let bytes = path.utf8
        var start = findings[0].remaining ?? 0
        if findings[0].remaining == nil, !rootPath.isEmpty {
            let rest = bytes.dropFirst(rootPath.utf8.count)
            guard bytes.starts(with: rootPath.utf8), rest.isEmpty || rest.first == 0x2F || rootPath.utf8.last == 0x2F
            else { throw .rootPath(rootPath, path: path) }
            start = rootPath.utf8.count
        }
        if start < bytes.count, bytes[bytes.index(bytes.startIndex, offsetBy: start)] == 0x2F { start += 1 }
        return start
    }

    /// Notes that a router matched up to `end`, so that the next one begins there.
    mutating func enter(_ route: URLRoute, end: Int) {
        findings[0].urlRoute = route
        findings[0].remaining = end
    }
}
