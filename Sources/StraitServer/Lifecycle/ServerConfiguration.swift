public import StraitConsumers
public import StraitHTTP
public import StraitWebSocket

/// A server's limits, timeouts and options. All limits except ``connectionsPerAddress`` are on by default.
public struct ServerConfiguration: Sendable {
    // MARK: HTTP

    /// The size limits of a request.
    public var httpLimits = HTTPLimits()
    /// The time in which a request's head must arrive, from the connection or the head's first byte on. The default is
    /// 10 seconds.
    public var headTimeout: Duration = .seconds(10)
    /// The longest pause between two pieces of a request's body. The default is 30 seconds.
    public var bodyTimeout: Duration = .seconds(30)
    /// The minimum average rate of a request's body, in bytes per second, after ``bodyGrace``. The default is 240; 0
    /// means no limit.
    ///
    /// A slower client gets 408. Time in which the handler does not read is not counted.
    public var bodyRate = 240
    /// The time that a request's body may take before ``bodyRate`` applies. The default is 2 minutes.
    public var bodyGrace: Duration = .seconds(120)
    /// The time for which a connection is kept open without a request. The default is 60 seconds.
    public var keepAliveTimeout: Duration = .seconds(60)
    /// The time after which a client that reads none of the queued bytes is disconnected. The default is 30 seconds.
    public var stallTimeout: Duration = .seconds(30)
    /// The maximum number of unread request body bytes that are discarded to keep the connection open. The default is
    /// 256 KiB.
    public var discardLimit = 256 << 10
    /// The `Server` header of responses; nil for none. The default is `strait`. Daphne's `--server-name`.
    public var serverName: String? = "strait"
    /// The path under which a proxy mounts this application. Daphne's `--root-path`.
    ///
    /// It is normalized to begin with a slash and end without one. A request path under it stays as it is. Any other
    /// path comes from a proxy that removed the root path, so the server adds it again.
    public var rootPath = "" {
        didSet {
            let parts = rootPath.split(separator: "/", omittingEmptySubsequences: true)
            rootPath = parts.isEmpty ? "" : "/" + parts.joined(separator: "/")
        }
    }
    /// The proxies whose forwarding headers are trusted. Daphne's `--proxy-headers` trusts every peer instead.
    public var proxies = TrustedProxies()

    // MARK: WebSocket

    /// The size limits of messages from clients and of their frames. The default is 1 MiB for a message, in any number
    /// of frames.
    public var messageLimits = MessageLimits()
    /// The maximum memory for unfinished messages of all sockets of the process, in bytes. The default is 256 MiB. A
    /// socket that would exceed it is closed with 1013 and counted.
    public var unfinishedMessages = 256 << 20
    /// The options for compressing messages; nil to turn compression off.
    public var compression: DeflateOptions? = DeflateOptions()
    /// The time for middleware and the consumer to accept or refuse a handshake. The default is 5 seconds. Daphne's
    /// `--websocket_connect_timeout`.
    public var handshakeTimeout: Duration = .seconds(5)
    /// The silence after which a client is sent a ping. The default is 20 seconds. Daphne's `--ping-interval`.
    public var pingInterval: Duration = .seconds(20)
    /// The time after a ping in which a client must send something, or it is disconnected. The default is 30 seconds.
    /// Daphne's `--ping-timeout`.
    public var pingTimeout: Duration = .seconds(30)
    /// The time to wait for the client's close frame after the server's close frame was sent. The default is 5 seconds.
    public var closeTimeout: Duration = .seconds(5)
    /// The number of queued bytes above which sending returns ``/StraitConsumers/SendState/behind``. The default is 256
    /// KiB.
    public var sendSoftLimit = 256 << 10
    /// The number of queued bytes at which a client is disconnected if more is sent. The default is 4 MiB.
    public var sendHardLimit = 4 << 20
    /// Whether a handshake is refused if its `Origin` is not the server's own host. The default is true. A handshake
    /// without `Origin` does not come from a browser and is accepted.
    public var checksOrigin = true
    /// Whether ``checksOrigin`` treats `localhost`, `127.0.0.1` and `[::1]` on the same port as the same host. The
    /// default is false.
    ///
    /// With `DEBUG`, `runserver` turns it on, because a page at one of these hosts often opens a socket to another.
    public var loopbackIsOneHost = false
    /// The channel layer whose channels the application's workers read. The default is `default`.
    public var workerLayer = "default"
    /// The limits on the messages and events that wait for a consumer.
    public var consumers = ConsumerLimits()

    // MARK: Connections

    /// The maximum number of connections for each client address; nil for no limit, which is the default.
    ///
    /// A 64-bit IPv6 network counts as one address. Connections from trusted proxies and Unix sockets are not counted.
    /// A connection over the limit is closed at once and counted as refused.
    public var connectionsPerAddress: Int?
    /// Whether the log explains refused handshakes and closed sockets to developers. The setting `DEBUG` turns it on.
    public var explainsRefusals = false

    // MARK: Life

    /// The time for which a stopping server waits for current requests and consumers. The default is 10 seconds.
    public var stopTimeout: Duration = .seconds(10)

    /// Creates the default configuration.
    public init() {}
}
