import StraitCore
import Synchronization

/// An acceptor that assigns each connection to the loop with the fewest.
///
/// All loops wait at the same listening sockets, and the kernel wakes one of them. A blocked loop therefore delays
/// neither accepting nor the other loops. A connection moves to another thread only if that thread's loop has fewer
/// connections.
///
/// Separate listening sockets for each loop (`SO_REUSEPORT`) would distribute connections at random and let new clients
/// wait for a blocked loop. They also cannot be used with inherited descriptors.
final class Acceptor: Sendable {
    private let loops: [ServerLoop]
    private let configuration: ServerConfiguration
    private let log: Log
    private let counters: ServerCounters
    private let addresses = ConnectionsPerAddress()
    /// The listening sockets; nil after the acceptor is closed.
    private let sockets = Mutex<[ListeningSocket]?>([])
    private let watch: LoopWatchdog

    init(loops: [ServerLoop], configuration: ServerConfiguration, log: Log, counters: ServerCounters) {
        self.loops = loops
        self.configuration = configuration
        self.log = log
        self.counters = counters
        watch = LoopWatchdog(loops: loops.map(\.loop), log: log, counters: counters)
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

    /// Starts to accept from `socket`, or closes it if the acceptor is closed.
    ///
    /// - Returns: Whether it was opened.
    func open(_ socket: ListeningSocket) -> Bool {
        let isOpen = sockets.withLock { sockets in
            guard sockets != nil else { return false }
            sockets?.append(socket)
            // Done within the lock, so that `close` runs after it on each loop.
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

    /// Stops accepting connections.
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

    /// Serves a connection that `own` accepted, on the loop with the fewest connections.
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
        if target === own { return Self.serve(descriptor, peer: peer, local: local, on: own) }
        target.addArriving(1)
        target.loop.execute {
            target.addArriving(-1)
            Self.serve(descriptor, peer: peer, local: local, on: target)
        }
    }

    /// Serves a connected socket on `server`. Call it on that server's loop.
    private static func serve(_ descriptor: Int32, peer: SocketAddress, local: SocketAddress, on server: ServerLoop) {
        server.accept(SocketStream(descriptor: descriptor, loop: server.loop, peer: peer, local: local))
    }

    /// The address under which a connection from `peer` is counted, or nil if it is not counted.
    private static func counted(_ peer: SocketAddress, _ configuration: ServerConfiguration) -> String? {
        configuration.proxies.trusts(peer) ? nil : ConnectionsPerAddress.key(of: peer)
    }

    /// Returns the loop with the fewest connections, or `own` if it has as few. It skips blocked loops, and loops with
    /// many connections in transit.
    private func choose(_ own: ServerLoop) -> ServerLoop {
        var target = own
        for server in loops where server.load < target.load {
            if server.arriving < Self.arrivals, !watch.isBlocked(server.loop) { target = server }
        }
        return target
    }

    /// The maximum number of accepted connections in transit to a loop. The limit keeps many new connections from
    /// delaying existing ones.
    private static let arrivals = 32

    // MARK: Room

    /// The maximum number of idle connections that each loop closes when no descriptor is free for a new one.
    private static let closedAtOnce = 16

    /// Logs that connections to `address` must wait.
    func connectionsWait(at address: SocketAddress, reason: String) {
        counters.reach(.descriptors)
        log.error(
            """
            Connections wait at \(address): \(reason). They are accepted when others end; raise the limit with \
            ulimit -n.
            """
        )
    }

    /// Closes idle connections, because no descriptor is free for a new one.
    func makeRoom() {
        for server in loops {
            server.loop.execute { server.closeIdle(atMost: Self.closedAtOnce) }
        }
    }
}

/// The number of connections per client address, for a limit on them.
final class ConnectionsPerAddress: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// The key under which `peer` is counted: an IPv4 address or a 64-bit IPv6 network, because one client has a whole
    /// network. Nil for a peer without an address.
    static func key(of peer: SocketAddress) -> String? {
        guard case .internet(let host, _) = peer else { return nil }
        return HostName.network(of: host)
    }

    /// Adds a connection. Returns false if `address` already has `limit` connections.
    func take(_ address: String, limit: Int) -> Bool {
        counts.withLock { counts in
            guard counts[address, default: 0] < limit else { return false }
            counts[address, default: 0] += 1
            return true
        }
    }

    /// Removes a connection.
    func giveBack(_ address: String) {
        counts.withLock { counts in
            guard let count = counts[address] else { return }
            counts[address] = count > 1 ? count - 1 : nil
        }
    }
}
