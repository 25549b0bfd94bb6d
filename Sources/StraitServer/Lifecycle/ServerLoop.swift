import StraitConsumers
import StraitHTTP
import StraitLayers
import StraitNetwork
import StraitRouting
import StraitWebSocket
import Synchronization

/// What the connections of one event loop share. Loop-bound.
///
/// `@unchecked Sendable` is sound because everything but `load`, which is atomic, and the constants is touched on the
/// loop alone.
final class ServerLoop: RequestHost, @unchecked Sendable {
    let loop: EventLoop
    let configuration: ServerConfiguration
    let application: any Application
    /// The services of the consumers and handlers.
    let services: Services
    let log: Log
    let accessLog: AccessLog?
    let counters: ServerCounters
    let traffic = LoopTraffic()
    /// Small messages of all sockets of the loop are put side by side here.
    let arena = Box(ByteArena())
    /// The compressors that all sockets of the loop take turns with.
    let codecs: DeflateCodecs
    /// The loop's part in accepting connections.
    private var listeners: [SocketListener] = []
    /// The connections that are open.
    var connections: [ObjectIdentifier: HTTP1Connection] = [:]
    /// How many consumers there are whose `disconnect` has not returned; some outlive their connection.
    private var consumers: Int { traffic.consumers.value }
    /// The channels that are worked off on this loop.
    private var workers: [ObjectIdentifier: WorkerSession] = [:]
    private(set) var isStopping = false
    private let stops = Atomic<Bool>(false)
    /// Called when a connection from this address has ended; nil if connections are not counted. Set before the first one.
    var connectionEnded: ((SocketAddress) -> Void)?
    /// The number of connections that were accepted for the loop and have not reached it.
    private let onTheirWay = Atomic<Int>(0)
    /// Who waits for the end of everything; each call ends one wait.
    private var whenEmpty: [() -> Void] = []

    private var dateSecond: Int64 = -1
    private var dateText = ""

    init(
        loop: EventLoop, configuration: ServerConfiguration, application: any Application,
        services: Services, log: Log, accessLog: AccessLog?, counters: ServerCounters
    ) {
        self.loop = loop
        self.configuration = configuration
        self.application = application
        self.services = services
        self.log = log
        self.accessLog = accessLog
        self.counters = counters
        codecs = DeflateCodecs(level: configuration.compression?.level ?? 6)
    }

    /// The `Date` field's value, made once a second.
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
    func answer(_ exchange: Exchange) {
        Responder(exchange: exchange, server: self).begin()
    }

    // MARK: Connections

    /// Accepts connections from `socket`, which `acceptor` spreads over the loops. Called on the loop.
    func listen(at socket: ListeningSocket, acceptor: Acceptor) {
        let listener = SocketListener(socket, loop: loop)
        // The acceptor is kept alive by its listeners, until they are closed.
        listener.accept = { [unowned self] descriptor, peer in
            acceptor.place(descriptor, peer: peer, local: socket.address, acceptedBy: self)
        }
        listener.pauses = { acceptor.connectionsWait(at: socket.address, reason: $0) }
        listener.rests = { acceptor.makeRoom() }
        listeners.append(listener)
        listener.open()
    }

    /// Accepts no more connections. Called on the loop.
    func stopListening() {
        for listener in listeners { listener.close() }
        listeners = []
    }

    /// How many connections the loop has or was given.
    nonisolated var load: Int { traffic.connections }

    nonisolated func addLoad(_ count: Int) { traffic.addConnections(count) }

    /// The number of connections that were accepted for the loop and have not reached it. Callable from any thread.
    nonisolated var arriving: Int { onTheirWay.load(ordering: .relaxed) }

    nonisolated func addArriving(_ count: Int) {
        onTheirWay.wrappingAdd(count, ordering: .relaxed)
    }

    /// Serves a connected socket.
    func accept(
        descriptor: Int32, peer: SocketAddress, local: SocketAddress
    ) {
        let stream = SocketStream(descriptor: descriptor, loop: loop, peer: peer, local: local)
        accept(stream)
        stream.open()
    }

    /// Serves a stream that was counted with ``addLoad(_:)`` and is opened next.
    func accept(_ stream: ByteStream) {
        traffic.accepted.add()
        let connection = HTTP1Connection(stream: stream, server: self)
        connections[ObjectIdentifier(connection)] = connection
        if isStopping { connection.stop() }
    }

    /// Closes up to `count` connections that have been idle for ``quietFor``, the longest idle first, because the
    /// process has no descriptors left for new ones.
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

    /// The idle time after which a connection may be closed to make room. A quarter of a second.
    private static let quietFor = Duration.milliseconds(250)

    /// A connection is over.
    func remove(_ connection: HTTP1Connection) {
        connections[ObjectIdentifier(connection)] = nil
        addLoad(-1)
        connectionEnded?(connection.stream.peer)
        checkEmpty()
    }

    /// A consumer was made.
    func consumerBegan() { traffic.consumers.add() }

    /// A consumer's `disconnect` has returned.
    func consumerEnded() {
        traffic.consumers.add(-1)
        checkEmpty()
    }

    private var isEmpty: Bool { connections.isEmpty && consumers == 0 && workers.isEmpty }

    // MARK: Workers

    /// Has the messages of `channel` worked off here. To be called on the loop.
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

    /// Whether new connections are turned away. Callable from anywhere.
    nonisolated var hasBegunToStop: Bool { stops.load(ordering: .relaxed) }

    /// Lets what is under way come to its end, up to the time limit, and ends what is left then.
    func stop() async {
        await withCheckedContinuation { continuation in
            let isAccepted = loop.executeUnlessEnded { [self] in
                beginStop()
                if isEmpty { return continuation.resume() }
                let deadline = LoopTimer { [self] in
                    log.warning(
                        "\(connections.count) connections and \(consumers + workers.count) consumers did not end in time and are cut off."
                    )
                    for worker in workers.values { worker.cancel() }
                    for connection in Array(connections.values) {
                        counters.reach(.stopTime)
                        connection.stream.abort()
                    }
                    // One more turn is given to what this sets off; whatever goes on after that is left behind.
                    loop.execute { [self] in callEmpty() }
                }
                whenEmpty.append { [loop] in
                    loop.disarm(deadline)
                    continuation.resume()
                }
                loop.arm(deadline, after: configuration.stopTimeout)
            }
            // It was stopped before.
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
