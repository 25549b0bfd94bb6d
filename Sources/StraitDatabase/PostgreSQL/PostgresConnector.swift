import StraitCore
internal import Synchronization

/// The opener of connections to a server, with retries. It owns an event loop for callers that do not run on one.
final class PostgresConnector: Sendable {
    let configuration: PostgresConfiguration
    /// The loop of the connections that callers of all loops share.
    let sharedLoop = EventLoop()
    private let threads = ThreadPool(name: "postgres", threads: 4, queue: 256)
    private let delay: RetryDelay
    private let clock: any Clock<Duration>
    /// Returns the time of the clock since the connector was created.
    let now: @Sendable () -> Duration
    private let log: Log
    private let hasStarted = Atomic<Bool>(false)
    private let state = Mutex(State())

    private struct State {
        /// The connections that are being opened, which ``stop()`` closes.
        var opening: [PostgresConnection] = []
        var isClosed = false
    }

    init(_ configuration: PostgresConfiguration, delay: RetryDelay, clock: any Clock<Duration>, log: Log) {
        self.configuration = configuration
        self.delay = delay
        self.clock = clock
        self.log = log
        now = clock.elapsedTime
    }

    deinit { sharedLoop.stop() }

    static let closed = DatabaseError(.connection, "The database is closed, because the site is stopping.")

    /// The loop for a connection that the caller opens: the caller's own, or else that of the connector. A loop with a
    /// manual clock is not used, because timeouts would not pass.
    var nearestLoop: EventLoop {
        if let loop = EventLoop.current, loop.time.passes { loop } else { sharedLoop }
    }

    /// Opens a connection on `loop`. If the server does not run, is starting or has too many connections, it tries
    /// again after growing delays, which add up to at most `connectTimeout`.
    nonisolated(nonsending) func connect(on loop: EventLoop? = nil) async throws -> PostgresConnection {
        let loop = loop ?? sharedLoop
        if loop === sharedLoop, !hasStarted.exchange(true, ordering: .relaxed) { loop.start() }
        var waited = Duration.zero
        var attempt = 0
        while true {
            if state.withLock({ $0.isClosed }) { throw Self.closed }
            let failure: (error: DatabaseError, isTransient: Bool)
            do {
                let address = try await address()
                return try await open(address, on: loop)
            } catch PostgresConnectFailure.failed(let text) {
                failure = configuration.error(text)
            } catch PostgresConnectFailure.closed {
                try Task.checkCancellation()
                throw Self.closed
            } catch let error as DatabaseError where error.code == .connection {
                // The connection was lost while its session was set up.
                failure = (error, true)
            }
            var generator = SystemRandomNumberGenerator()
            let pause = delay.delay(before: attempt, using: &generator)
            guard failure.isTransient, waited + pause < configuration.connectTimeout else { throw failure.error }
            if attempt == 0 { log.warning("\(failure.error.description) Trying again.") }
            waited += pause
            attempt += 1
            try await clock.sleep(for: pause)
        }
    }

    /// Waits one second before the next attempt of a listener, because an attempt may fail immediately.
    nonisolated(nonsending) func pause() async throws { try await clock.sleep(for: .seconds(1)) }

    private nonisolated(nonsending) func open(
        _ address: String?, on loop: EventLoop
    ) async throws -> PostgresConnection {
        let connection = PostgresConnection(configuration, loop: loop, threads: threads)
        let isClosed = state.withLock { state in
            if !state.isClosed { state.opening.append(connection) }
            return state.isClosed
        }
        if isClosed { throw Self.closed }
        defer { state.withLock { $0.opening.removeAll { $0 === connection } } }
        do {
            try await connection.open(address: address)
        } catch {
            connection.abort()
            throw error
        }
        return connection
    }

    /// The numeric address of the server; nil for a Unix socket.
    private nonisolated(nonsending) func address() async throws -> String? {
        guard case .tcp(let name) = configuration.host else { return nil }
        if let numeric = HostName.numeric(name) { return numeric }
        do {
            return try await threads.run { try HostName.resolve(name) }
        } catch let error as TransportError {
            throw PostgresConnectFailure.failed(error.description)
        }
    }

    /// Rejects further connections, and ends the running attempts to connect.
    func refuse() {
        let opening = state.withLock { state in
            state.isClosed = true
            return state.opening
        }
        for connection in opening { connection.abort() }
    }

    /// Ends the event loop, after all connections were closed.
    func stop() async {
        refuse()
        sharedLoop.stop()
        await threads.stop()
    }
}

/// A slot for a connection in the pool. It opens the connection at its first use, and replaces it if it was lost.
///
/// A connection runs on the event loop of the callers that use it, or on the connector's, which all callers share. A
/// caller never uses one of another server loop: that loop may be blocked, and may end earlier. Such a connection is
/// replaced.
final class PostgresSession: Sendable {
    private struct State {
        var connection: PostgresConnection?
        /// The time at which the connection was leased last.
        var used = Duration.zero
        var isClosed = false
    }

    /// The time without use after which a connection moves to the loop of its next caller. Connections that are in use
    /// all the time stay on the shared loop, because each move costs a new connection.
    static let movesAfter = Duration.seconds(10)

    private let connector: PostgresConnector
    private let state = Mutex(State())

    init(_ connector: PostgresConnector) {
        self.connector = connector
    }

    // The loop and the connection hold each other as long as the connection is open.
    deinit { state.withLock { $0.connection }?.abort() }

    /// Whether it has an open connection.
    var isOpen: Bool { state.withLock { $0.connection?.isOpen == true } }

    /// Returns the index of the session that costs the caller least: one with a connection on the caller's loop, else
    /// one without a connection, one on the shared loop, or the last.
    static func nearest(_ sessions: [PostgresSession]) -> Int {
        guard let connector = sessions.last?.connector else { return 0 }
        let loop = connector.nearestLoop
        var (closed, shared): (Int?, Int?)
        for index in sessions.indices.reversed() {
            guard let other = sessions[index].openLoop else {
                closed = closed ?? index
                continue
            }
            if other === loop { return index }
            if other === connector.sharedLoop { shared = shared ?? index }
        }
        return closed ?? shared ?? sessions.count - 1
    }

    /// The loop of the open connection, or nil.
    private var openLoop: EventLoop? {
        state.withLock { $0.connection?.isOpen == true ? $0.connection?.loop : nil }
    }

    /// Returns the open connection, or opens one.
    nonisolated(nonsending) func connection() async throws -> PostgresConnection {
        let (loop, now) = (connector.nearestLoop, connector.now())
        let (connection, wasIdle) = state.withLock { state in
            defer { state.used = now }
            return (state.connection, now - state.used > Self.movesAfter)
        }
        var target = loop
        if let connection, connection.isOpen {
            let isShared = connection.loop === connector.sharedLoop
            if connection.loop === loop || isShared && !wasIdle { return connection }
            // Nothing waits for the old connection, whose loop may be blocked.
            connection.abort()
            if !wasIdle { target = connector.sharedLoop }
        }
        let opened = try await connector.connect(on: target)
        let isClosed = state.withLock { state in
            if !state.isClosed { state.connection = opened }
            return state.isClosed
        }
        guard isClosed else { return opened }
        await opened.close()
        throw PostgresConnector.closed
    }

    /// Closes the connection after its running statements.
    func close() async {
        let connection = state.withLock { state in
            state.isClosed = true
            return state.connection
        }
        await connection?.close()
    }
}
