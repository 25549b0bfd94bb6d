public import StraitConsumers
public import StraitHTTP
public import StraitWebSocket

/// How a server behaves: limits, time limits, and what it says of itself. Every limit is on by default.
public struct ServerConfiguration: Sendable {
    // MARK: HTTP

    /// How large the parts of a request may be.
    public var httpLimits = HTTPLimits()
    /// How long a request's head may take to arrive, from the connection or the head's first byte on. 10 seconds.
    public var headTimeout: Duration = .seconds(10)
    /// How long a request's body may pause. 30 seconds.
    public var bodyTimeout: Duration = .seconds(30)
    /// The minimum average rate of a request body once ``bodyGrace`` is used up, in bytes per second. A slower client
    /// gets 408. Time in which the handler does not read is not counted. 240; 0 for no limit.
    public var bodyRate = 240
    /// The time that a request body may take before ``bodyRate`` applies. 2 minutes.
    public var bodyGrace: Duration = .seconds(120)
    /// How long a connection without a request is kept. 60 seconds.
    public var keepAliveTimeout: Duration = .seconds(60)
    /// How long a peer may read nothing of what is sent to it. 30 seconds.
    public var stallTimeout: Duration = .seconds(30)
    /// How many bytes of a body that nobody wants are read to keep its connection. 256 KiB.
    public var discardLimit = 256 << 10
    /// The `Server` field of responses; nil for none. Daphne's `--server-name`.
    public var serverName: String? = "strait"
    /// The path under which a proxy mounts this application; Daphne's `--root-path`. It begins with a slash and ends
    /// without one, and is brought into that form.
    ///
    /// A path that is not beneath it comes from a proxy that takes it away, and gets it back; one that is beneath it
    /// stays as it is.
    public var rootPath = "" {
        didSet {
            let parts = rootPath.split(separator: "/", omittingEmptySubsequences: true)
            rootPath = parts.isEmpty ? "" : "/" + parts.joined(separator: "/")
        }
    }
    /// Who may say for whom it forwards; Daphne's `--proxy-headers`, but believed only from these peers.
    public var proxies = TrustedProxies()

    // MARK: WebSocket

    /// How large messages from clients, and their frames, may be. 1 MiB a message, in whatever frames.
    public var messageLimits = MessageLimits()
    /// The maximum size of unfinished messages, in bytes over all sockets of the process. A socket that would exceed it
    /// is closed with 1013 and counted. 256 MiB.
    public var unfinishedMessages = 256 << 20
    /// How messages are compressed; nil where they never are.
    public var compression: DeflateOptions? = DeflateOptions()
    /// How long middleware and consumer may take to accept or refuse a handshake. 5 seconds; Daphne's
    /// `--websocket_connect_timeout`.
    public var handshakeTimeout: Duration = .seconds(5)
    /// A client that was silent for this long is sent a ping. 20 seconds; Daphne's `--ping-interval`.
    public var pingInterval: Duration = .seconds(20)
    /// A client that answers a ping with nothing for this long is given up. 30 seconds; Daphne's `--ping-timeout`.
    public var pingTimeout: Duration = .seconds(30)
    /// How long to wait for a client's close frame once ours has left. 5 seconds.
    public var closeTimeout: Duration = .seconds(5)
    /// From this many queued bytes on, sending says ``/StraitConsumers/SendState/behind``. 256 KiB.
    public var sendSoftLimit = 256 << 10
    /// A client for which this many bytes are queued is disconnected when more is sent. 4 MiB.
    public var sendHardLimit = 4 << 20
    /// Whether a handshake with an `Origin` that is not the server's own host is refused. On; a handshake without
    /// `Origin` does not come from a browser and is admitted.
    public var checksOrigin = true
    /// Whether `localhost`, `127.0.0.1` and `[::1]` are the same host to that check, on the same port. Off; `runserver` turns
    /// it on with `DEBUG`, as a page at one of them often opens a socket to another.
    public var loopbackIsOneHost = false
    /// The channel layer whose channels the application's workers read. `default`.
    public var workerLayer = "default"
    /// How much may wait for a consumer, and for how long.
    public var consumers = ConsumerLimits()

    // MARK: Connections

    /// The maximum number of connections per address; nil for no limit. A 64-bit IPv6 network counts as one address.
    /// Connections from trusted proxies and Unix sockets do not count. A connection over the limit is closed at once
    /// and counted as refused.
    public var connectionsPerAddress: Int?
    /// Whether the log explains refused handshakes and closed sockets to a developer; `DEBUG`.
    public var explainsRefusals = false

    // MARK: Life

    /// How long a stopping server waits for what is under way. 10 seconds.
    public var stopTimeout: Duration = .seconds(10)

    public init() {}
}
