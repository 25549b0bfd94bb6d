import StraitNetwork
import Synchronization

/// Accepts connections and gives each to the loop with the fewest.
///
/// All loops wait at the same listening sockets, and one of those that wait is woken. A blocked loop therefore delays
/// neither accepting nor the other loops. A connection costs a hand-over to another thread only if another loop has fewer.
///
/// Listeners of each loop's own (`SO_REUSEPORT`) would spread connections by chance, do not exist for inherited
/// descriptors, and leave new clients waiting for a blocked loop.
final class Acceptor: Sendable {
    private let loops: [ServerLoop]
    private let configuration: ServerConfiguration
    private let log: Log
    private let counters: ServerCounters
    private let addresses = ConnectionsPerAddress()
    /// The sockets that connections are accepted from; nil once the acceptor is closed.
    private let sockets = Mutex<[ListeningSocket]?>([])
    private let watch: LoopWatch

    init(loops: [ServerLoop], configuration: ServerConfiguration, log: Log, counters: ServerCounters) {
        self.loops = loops
        self.configuration = configuration
        self.log = log
        self.counters = counters
        watch = LoopWatch(loops: loops.map(\.loop), log: log, counters: counters)
        if configuration.connectionsPerAddress != nil {
            for server in loops {
                server.loop.execute { [addresses] in
                    server.connectionEnded = { peer in
                        if let address = Self.counted(peer, configuration) { addresses.giveBack(address) }
                    }
                }
            }
        }
    }

    /// Begins to accept from `socket`, or closes it if the acceptor is closed.
    ///
    /// - Returns: Whether it accepts.
    func open(_ socket: ListeningSocket) -> Bool {
        let isOpen = sockets.withLock { sockets in
            guard sockets != nil else { return false }
            sockets?.append(socket)
            // Within the lock, so that `close` comes behind it on each loop.
            for server in loops {
                server.loop.execute { [self] in server.listen(at: socket, acceptor: self) }
            }
            return true
        }
        guard isOpen else {
            socket.close()
            return false
        }
        watch.start()
        return true
    }

    /// Accepts no more.
    func close() async {
        let sockets = sockets.withLock { sockets in
            defer { sockets = nil }
            return sockets ?? []
        }
        watch.stop()
        await withTaskGroup { tasks in
            for server in loops { tasks.addTask { await server.loop.perform { server.stopListening() } } }
        }
        for socket in sockets { socket.close() }
    }

    // MARK: Placing

    /// Serves a connection that `own` accepted, on the loop with the fewest.
    func place(_ descriptor: Int32, peer: SocketAddress, local: SocketAddress, acceptedBy own: ServerLoop) {
        if let limit = configuration.connectionsPerAddress, let address = Self.counted(peer, configuration),
            !addresses.take(address, limit: limit)
        {
            counters.reach(.connectionsPerAddress)
            log.debug(
                "connection refused", metadata: ["client": "\(peer)", "reason": "connectionsPerAddress is \(limit)"])
            return SocketStream.discard(descriptor)
        }
        let target = choose(own)
        target.addLoad(1)
        if target === own { return own.accept(descriptor: descriptor, peer: peer, local: local) }
        target.addArriving(1)
        target.loop.execute {
            target.addArriving(-1)
            target.accept(descriptor: descriptor, peer: peer, local: local)
        }
    }

    /// The address that a connection from `peer` counts for; nil if it is not counted.
    private static func counted(_ peer: SocketAddress, _ configuration: ServerConfiguration) -> String? {
        configuration.proxies.trusts(peer) ? nil : ConnectionsPerAddress.key(of: peer)
    }

    /// The loop with the fewest connections; `own` if several have as few. Blocked loops, and loops that many
    /// connections are on their way to, are left out.
    private func choose(_ own: ServerLoop) -> ServerLoop {
        var target = own
        for server in loops where server.load < target.load {
            if server.arriving < Self.arrivals, !watch.isBlocked(server.loop) { target = server }
        }
        return target
    }

    /// The maximum number of accepted connections that have not reached their loop yet. It keeps many new connections from
    /// delaying the others.
    private static let arrivals = 32

    // MARK: Room

    /// The number of idle connections that each loop closes when no descriptor is free for a new one.
    private static let closedAtOnce = 16

    /// Logs that connections to `address` have to wait.
    func connectionsWait(at address: SocketAddress, reason: String) {
        counters.reach(.descriptors)
        log.error(
            "Connections wait at \(address): \(reason). They are taken when others end; allow the process more with ulimit -n."
        )
    }

    /// Closes idle connections, because no descriptor is free for a new one.
    func makeRoom() {
        for server in loops {
            server.loop.execute { server.closeIdle(atMost: Self.closedAtOnce) }
        }
    }
}
