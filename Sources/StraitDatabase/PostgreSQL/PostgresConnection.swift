internal import CPostgres
internal import Glibc
package import StraitCore
internal import Synchronization

/// A connection to a PostgreSQL server, on an event loop.
///
/// Statements are sent in pipeline mode: a task need not wait for one statement before it sends the next.
///
/// SAFETY: `@unchecked Sendable` is sound because its variables are used only on the loop's thread. `run`, `close` and
/// the other methods for tasks send their work there; `isOpen` is atomic.
@safe package final class PostgresConnection: PollSource, @unchecked Sendable {
    /// The steps of a connection's life.
    enum Phase {
        case connecting
        /// libpq's pipeline mode, for statements.
        case pipeline
        /// Rows are sent to `COPY`; libpq has no pipeline then.
        case copying(PostgresCopyCall)
        case closed
    }

    /// The number of prepared statements that a connection keeps.
    static let preparedStatements = 256

    let loop: EventLoop
    let configuration: PostgresConfiguration
    let threads: ThreadPool
    private let open = Atomic<Bool>(true)
    // SAFETY: valid until `release`, which sets it to nil.
    var handle: OpaquePointer?
    var phase = Phase.connecting
    var pipeline = PostgresPipeline<PostgresCall>(cacheLimit: preparedStatements)
    /// The statements that wait until the server has handled a request to cancel another, or until `COPY` has ended.
    var held = Ring<PostgresCall>()
    var heldCopy: PostgresCopyCall?
    var cancels = false
    let timer = LoopTimer()
    /// The number of cursors that were opened.
    let cursors = Atomic<Int>(0)
    private var connected: ((Result<Void, PostgresConnectFailure>) -> Void)?
    var closed: [() -> Void] = []
    /// The reason to close the connection when its statements have ended, or nil.
    var closesWith: DatabaseError?
    /// The number of results without content since the last one with content.
    var emptyResults = 0
    /// The handler of notifications: channel, payload and the server's process ID. Set before `LISTEN`.
    var notified: ((String, String, Int32) -> Void)?
    /// The handler for the end of the connection.
    var ended: (() -> Void)?

    // The descriptor that is watched.
    private var place: UInt32?
    private var descriptor: Int32 = -1
    private var interest: Readiness = []

    // Arrays for the parameters of a statement, reused.
    var types: [Oid] = []
    // SAFETY: its pointers are used only during the call that fills it.
    var values: [UnsafePointer<CChar>?] = unsafe []
    var lengths: [Int32] = []
    var formats: [Int32] = []

    /// Creates a connection, which ``connect(address:)`` opens.
    init(_ configuration: PostgresConfiguration, loop: EventLoop, threads: ThreadPool) {
        self.configuration = configuration
        self.loop = loop
        self.threads = threads
    }

    deinit {
        if let handle = unsafe handle { unsafe PQfinish(handle) }
    }

    /// Whether the connection has not been lost or closed.
    package var isOpen: Bool { open.load(ordering: .acquiring) }

    // MARK: Connecting

    /// Connects. `done` is called once, on the loop.
    func connect(address: String?, _ done: @escaping (Result<Void, PostgresConnectFailure>) -> Void) {
        loop.assertOnLoop()
        guard case .connecting = phase, unsafe handle == nil else { return done(.failure(.closed)) }
        connected = done
        let keywords = configuration.keywords(address: address)
        var names = unsafe keywords.map { unsafe UnsafePointer(strdup($0.0)) } + [nil]
        var texts = unsafe keywords.map { unsafe UnsafePointer(strdup($0.1)) } + [nil]
        unsafe handle = PQconnectStartParams(&names, &texts, 0)
        for index in unsafe names.indices { unsafe free(UnsafeMutablePointer(mutating: names[index])) }
        for index in unsafe texts.indices { unsafe free(UnsafeMutablePointer(mutating: texts[index])) }
        guard let handle = unsafe handle else { return fail("libpq has no memory.") }
        // Without this, libpq prints notices of the server to standard error.
        _ = unsafe PQsetNoticeReceiver(handle, { _, _ in }, nil)
        // The message then contains the SQLSTATE, which libpq does not return in any other way while connecting.
        _ = unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        guard unsafe PQstatus(handle) != CONNECTION_BAD else { return fail(message) }
        loop.whenEnded(for: self) { [weak self] in self?.lose("The server's event loop has ended") }
        timer.action = { [unowned self] in
            fail("There was no answer within \(configuration.connectTimeout).")
        }
        loop.arm(timer, after: configuration.connectTimeout)
        watch(.writable)
    }

    private func continueConnecting() {
        guard let handle = unsafe handle else { return }
        // libpq may close the socket and open another.
        unwatch()
        switch unsafe PQconnectPoll(handle) {
        case PGRES_POLLING_READING: watch(.readable)
        case PGRES_POLLING_WRITING: watch(.writable)
        case PGRES_POLLING_OK: unsafe begin(handle)
        default: fail(message)
        }
    }

    private func begin(_ handle: OpaquePointer) {
        guard unsafe PQsetnonblocking(handle, 1) == 0, unsafe PQenterPipelineMode(handle) == 1 else {
            return fail(message)
        }
        loop.disarm(timer)
        timer.action = {}
        watch(.readable)
        phase = .pipeline
        let done = connected
        connected = nil
        done?(.success(()))
    }

    private func fail(_ text: String) {
        let done = connected
        connected = nil
        release(DatabaseError(.connection, text))
        done?(.failure(.failed(text)))
    }

    // MARK: Events

    package func isReady(_ readiness: Readiness) {
        if case .connecting = phase { return continueConnecting() }
        if readiness.contains(.writable) { flush() }
        // Writing may have shown that the connection is lost.
        guard let handle = unsafe handle, !readiness.subtracting(.writable).isEmpty else { return }
        if unsafe PQconsumeInput(handle) == 0 {
            let reason = message
            // An error of the server, such as the reason for its end, may have arrived before.
            receive()
            return lose(reason)
        }
        receive()
    }

    var message: String {
        guard let handle = unsafe handle, let text = unsafe PQerrorMessage(handle) else { return "" }
        return unsafe String(cString: text).split(whereSeparator: \.isNewline).joined(separator: "\n")
    }

    // MARK: The end

    static func lost(_ reason: String) -> DatabaseError {
        DatabaseError(
            .connection,
            "The connection to PostgreSQL was lost: \(PostgresFailure.firstLine(reason)). The statement may have "
                + "run. Run it again only if running it twice does no harm.")
    }

    func lose(_ reason: String) { release(Self.lost(reason)) }

    /// Closes the connection. Statements without a result fail with `error`.
    func release(_ error: DatabaseError) {
        guard let handle = unsafe handle else {
            // It has not begun to connect, and must not.
            phase = .closed
            return open.store(false, ordering: .releasing)
        }
        open.store(false, ordering: .releasing)
        unsafe self.handle = nil
        unwatch()
        loop.disarm(timer)
        timer.action = {}
        loop.whenEnded(for: self, nil)
        unsafe PQfinish(handle)
        let copying = phase
        phase = .closed
        for call in pipeline.takeAll() {
            if call.failure == nil { call.failure = error }
            call.end()
        }
        while let call = held.popFirst() {
            call.failure = error
            call.end()
        }
        if case .copying(let copy) = copying { copy.fail(error) }
        heldCopy?.fail(error)
        heldCopy = nil
        notified = nil
        let (calls, end) = (closed, ended)
        closed = []
        ended = nil
        for call in calls { call() }
        end?()
        // A task may still wait for the end of connecting.
        let done = connected
        connected = nil
        done?(.failure(.closed))
    }

    // MARK: The descriptor

    func watch(_ wanted: Readiness) {
        guard let handle = unsafe handle else { return }
        let current = unsafe PQsocket(handle)
        if let place, descriptor == current {
            if interest != wanted { loop.watch(place, descriptor: descriptor, changed: wanted) }
        } else {
            unwatch()
            descriptor = current
            place = loop.watch(self, descriptor: current, wanted)
            guard place != nil else {
                let failed = connected == nil
                return failed ? lose("The kernel watches no more sockets") : fail("The kernel watches no more sockets.")
            }
        }
        interest = wanted
    }

    private func unwatch() {
        if let place { loop.unwatch(place, descriptor: descriptor) }
        place = nil
        interest = []
    }

}

/// The failure of an attempt to connect.
enum PostgresConnectFailure: Error {
    /// libpq's message.
    case failed(String)
    /// The connection was closed meanwhile.
    case closed
}
