import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitWebSocket
import Synchronization

/// The part of a server that runs on one event loop, which its connections share. Loop-bound.
///
/// SAFETY: `@unchecked Sendable` is sound because other threads use only atomic values and constants. The rest is used
/// only on the loop.
final class ServerLoop: ServerContext, @unchecked Sendable {
    let loop: EventLoop
    let configuration: ServerConfiguration
    let application: any Application
    /// The services of the consumers and handlers.
    let services: Services
    let log: Log
    let accessLog: AccessLog?
    let counters: ServerCounters
    let traffic = LoopTraffic()
    /// The memory for small messages of all sockets of the loop.
    let arena = Box(ByteArena())
    /// The compressors that all sockets of the loop share.
    let codecs: DeflateCodecs
    /// The loop's listeners, one for each listening socket.
    private var listeners: [SocketListener] = []
    /// The open connections.
    private var connections: [ObjectIdentifier: any Connection] = [:]
    /// A factory for the connection of a new stream. It determines the protocol.
    private let connect: (any ByteStream, ServerLoop) -> any Connection
    /// The number of consumers whose `disconnect` has not returned. A consumer may outlive its connection.
    private var consumers: Int { traffic.consumers.value }
    /// The worker sessions of the channels that are read on this loop.
    private var workers: [ObjectIdentifier: WorkerSession] = [:]
    private(set) var isStopping = false
    private let stops = Atomic<Bool>(false)
    /// Called with the peer's address when a connection ends; nil if connections are not counted. Set before the first
    /// one.
    var connectionEnded: ((SocketAddress) -> Void)?
    /// The number of accepted connections in transit to this loop.
    private let onTheirWay = Atomic<Int>(0)
    /// The calls of waiting `stop` methods, to run when no connection, consumer or worker is left.
    private var whenEmpty: [() -> Void] = []

    private var dateSecond: Int64 = -1
    private var dateText = ""

    init(
        loop: EventLoop, configuration: ServerConfiguration, application: any Application,
        services: Services, log: Log, accessLog: AccessLog?, counters: ServerCounters,
        connect: @escaping (any ByteStream, ServerLoop) -> any Connection
    ) {
        self.loop = loop
        self.connect = connect
        self.configuration = configuration
        self.application = application
        self.services = services
        self.log = log
        self.accessLog = accessLog
        self.counters = counters
        codecs = DeflateCodecs(level: configuration.compression?.level ?? 6)
    }

    /// The value of the `Date` header, updated once a second.
    var date: String {
        let second = loop.time.wallClock
        if second != dateSecond {
            dateSecond = second
            dateText = HTTPDate(secondsSinceEpoch: Int(second)).description
        }
        return dateText
    }

    var closeTimeout: Duration { configuration.consumers.closeTimeout }

    /// Answers `exchange`, whose head has arrived.
    func answer(_ exchange: any Exchange) {
        Responder(exchange: exchange, server: self).begin()
    }

    // MARK: Connections

    /// Accepts connections from `socket`, which `acceptor` distributes over the loops. Called on the loop.
    func listen(at socket: ListeningSocket, acceptor: Acceptor) {
        let listener = SocketListener(socket, loop: loop)
        // The listeners keep the acceptor alive until they are closed.
        listener.accept = { [unowned self] descriptor, peer in
            acceptor.place(descriptor, peer: peer, local: socket.address, acceptedBy: self)
        }
        listener.pauses = { acceptor.connectionsWait(at: socket.address, reason: $0) }
        listener.rests = { acceptor.makeRoom() }
        listeners.append(listener)
        listener.open()
    }

    /// Stops accepting connections. Called on the loop.
    func stopListening() {
        for listener in listeners { listener.close() }
        listeners = []
    }

    /// The number of connections on this loop or in transit to it.
    nonisolated var load: Int { traffic.connections }

    nonisolated func addLoad(_ count: Int) { traffic.addConnections(count) }

    /// The number of accepted connections in transit to this loop. Callable from any thread.
    nonisolated var arriving: Int { onTheirWay.load(ordering: .relaxed) }

    nonisolated func addArriving(_ count: Int) {
        onTheirWay.wrappingAdd(count, ordering: .relaxed)
    }

    /// Serves a stream that was counted with ``addLoad(_:)``.
    func accept(_ stream: any ByteStream) {
        traffic.accepted.add()
        let connection = connect(stream, self)
        connections[ObjectIdentifier(connection)] = connection
        if isStopping { connection.stop() }
        stream.open()
    }

    /// Closes up to `count` connections that have been idle for at least ``quietFor``, beginning with the longest idle
    /// one. This frees descriptors for new connections.
    func closeIdle(atMost count: Int) {
        let quiet = connections.values.compactMap { connection in
            connection.idleSince.map { (since: $0, connection) }
        }
        let limit = loop.now
        for (since, connection) in quiet.sorted(by: { $0.since < $1.since }).prefix(count)
        where since.duration(to: limit) >= Self.quietFor {
            counters.reach(.idleConnections)
            connection.closeIdle()
        }
    }

    /// The shortest idle time after which a connection may be closed to make room: a quarter of a second.
    private static let quietFor = Duration.milliseconds(250)

    /// Removes a connection that has ended.
    func remove(_ connection: any Connection) {
        connections[ObjectIdentifier(connection)] = nil
        addLoad(-1)
        connectionEnded?(connection.peer)
        checkEmpty()
    }

    /// Counts a new consumer.
    func consumerBegan() { traffic.consumers.add() }

    /// Removes a consumer whose `disconnect` has returned from the count.
    func consumerEnded() {
        traffic.consumers.add(-1)
        checkEmpty()
    }

    private var isEmpty: Bool { connections.isEmpty && consumers == 0 && workers.isEmpty }

    // MARK: Workers

    /// Runs a worker for the messages of `channel` on this loop. Must be called on the loop.
    func work(_ channel: String, _ layer: any ChannelLayer) {
        if isStopping { return }
        let worker = WorkerSession(
            channel: channel, application: application, layer: layer, services: services, loop: loop, log: log)
        workers[ObjectIdentifier(worker)] = worker
        traffic.workers.add()
        worker.start { [unowned self] in
            workers[ObjectIdentifier(worker)] = nil
            traffic.workers.add(-1)
            checkEmpty()
        }
    }

    private func checkEmpty() {
        if isEmpty { callEmpty() }
    }

    private func callEmpty() {
        let calls = whenEmpty
        whenEmpty = []
        for call in calls { call() }
    }

    // MARK: Stopping

    /// Whether the loop rejects new connections because it is stopping. Callable from any thread.
    nonisolated var hasBegunToStop: Bool { stops.load(ordering: .relaxed) }

    /// Waits for current work to end. After ``ServerConfiguration/stopTimeout``, aborts the rest.
    func stop() async {
        await withCheckedContinuation { continuation in
            let isAccepted = loop.executeUnlessEnded { [self] in
                beginStop()
                if isEmpty { return continuation.resume() }
                let deadline = LoopTimer { [self] in
                    log.warning(
                        """
                        \(connections.count) connections and \(consumers + workers.count) consumers did not end in \
                        time and are cut off.
                        """
                    )
                    for worker in workers.values { worker.cancel() }
                    for connection in Array(connections.values) {
                        counters.reach(.stopTime)
                        connection.abort()
                    }
                    // The aborted work gets one more turn. Work that still continues after that is abandoned.
                    loop.execute { [self] in callEmpty() }
                }
                whenEmpty.append { [loop] in
                    loop.disarm(deadline)
                    continuation.resume()
                }
                loop.arm(deadline, after: configuration.stopTimeout)
            }
            // The loop had already ended.
            if !isAccepted { continuation.resume() }
        }
    }

    private func beginStop() {
        if isStopping { return }
        isStopping = true
        stops.store(true, ordering: .relaxed)
        for connection in Array(connections.values) { connection.stop() }
        for worker in workers.values { worker.stop() }
    }
}

/// A heap-allocated value that is used in place, without moves and without checks for exclusive access. Loop-bound.
///
/// It holds the parsers, which are large and used at every read. A plain property of a class would be moved out and
/// back each time. The owner of a box must finish one use of the value before it begins the next.
@safe package final class Box<Value: ~Copyable> {
    // SAFETY: initialized from `init` to `deinit`, and no other code has the address.
    private let place: UnsafeMutablePointer<Value>

    package init(_ value: consuming Value) {
        unsafe place = .allocate(capacity: 1)
        unsafe place.initialize(to: value)
    }

    deinit {
        unsafe place.deinitialize(count: 1)
        unsafe place.deallocate()
    }

    package var value: Value {
        @inline(__always) _read { yield unsafe place.pointee }
        @inline(__always) _modify { yield &(unsafe place.pointee) }
    }
}
