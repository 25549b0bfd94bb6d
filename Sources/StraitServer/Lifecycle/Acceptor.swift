import StraitNetwork
import Synchronization

/// Accepts connections and assigns each to the loop with the fewest. It has an event loop of its own, so that a loop
/// that a handler blocks delays neither accepting nor the other loops.
///
/// Listeners of each loop's own (`SO_REUSEPORT`) would save the hand-over, but spread connections by chance, do not exist
/// for inherited descriptors, and leave new clients waiting for a loop that stands still.
///
/// `@unchecked Sendable`. SAFETY: everything but the constants and `addresses`, which has a lock, is touched on the
/// acceptor's own loop alone.
final class Acceptor: @unchecked Sendable {
    /// The loop that accepts.
    let loop = EventLoop(index: -1)
    private let loops: [ServerLoop]
    private let configuration: ServerConfiguration
    private let log: Log
    private let counters: ServerCounters
    private let addresses = ConnectionsPerAddress()
    private var listeners: [SocketListener] = []
    private var isClosed = false
    private var next = 0
    /// The blocked loops that have been logged. A loop is removed once it runs again.
    private var named: Set<Int> = []
    private let watch = LoopTimer()

    init(loops: [ServerLoop], configuration: ServerConfiguration, log: Log, counters: ServerCounters) {
        self.loops = loops
        self.configuration = configuration
        self.log = log
        self.counters = counters
        if configuration.connectionsPerAddress != nil {
            for server in loops {
                server.loop.execute { [addresses] in
                    server.connectionEnded = { peer in
                        if let address = Self.counted(peer, configuration) { addresses.giveBack(address) }
                    }
                }
            }
        }
        loop.start()
    }

    /// Begins to accept from `listener`; closes it where connections are taken no more.
    ///
    /// - Returns: Whether it accepts.
    func open(_ listener: SocketListener) -> Bool {
        if isClosed {
            listener.close()
            return false
        }
        let address = listener.address
        // Kept alive by its listeners, until it closes them.
        listener.accept = { descriptor, peer in self.place(descriptor, peer: peer, local: address) }
        listener.pauses = { reason in
            self.counters.reach(.descriptors)
            self.log.error(
                "Connections wait at \(address): \(reason). They are taken when others end; allow the process more with ulimit -n."
            )
        }
        listener.rests = { self.makeRoom() }
        listener.mayAccept = { [loops] in loops.contains { $0.arriving < Self.arrivals } }
        listeners.append(listener)
        listener.open()
        if listeners.count == 1 {
            watch.action = { [unowned self] in watchLoops() }
            loop.arm(watch, after: Self.watchInterval)
        }
        return true
    }

    func close() {
        isClosed = true
        loop.disarm(watch)
        for listener in listeners { listener.close() }
        listeners = []
    }

    /// Ends the acceptor's thread.
    func end() { loop.stop() }

    // MARK: Placing

    private func place(_ descriptor: Int32, peer: SocketAddress, local: SocketAddress) {
        if let limit = configuration.connectionsPerAddress, let address = Self.counted(peer, configuration),
            !addresses.take(address, limit: limit)
        {
            counters.reach(.connectionsPerAddress)
            log.debug(
                "connection refused", metadata: ["client": "\(peer)", "reason": "connectionsPerAddress is \(limit)"])
            return SocketStream.discard(descriptor)
        }
        let target = choose()
        target.addLoad(1)
        target.addArriving(1)
        target.loop.execute { target.accept(descriptor: descriptor, peer: peer, local: local) }
    }

    /// The address that a connection from `peer` counts for; nil if it is not counted.
    private static func counted(_ peer: SocketAddress, _ configuration: ServerConfiguration) -> String? {
        configuration.proxies.trusts(peer) ? nil : ConnectionsPerAddress.key(of: peer)
    }

    /// The loop with the fewest connections among those that are not blocked.
    private func choose() -> ServerLoop {
        var turning = loops.filter { !standsStill($0) }
        if turning.isEmpty { turning = loops }
        var target = turning[next % turning.count]
        next &+= 1
        for loop in turning where loop.load < target.load { target = loop }
        return target
    }

    /// The maximum number of accepted connections that have not reached their loop yet. It keeps many new connections from
    /// delaying the others.
    private static let arrivals = 32

    // MARK: Loops that stand still

    /// The length of a turn after which a loop counts as blocked and gets no new connections.
    private static let patience = Duration.milliseconds(100)
    private static let watchInterval = Duration.milliseconds(500)

    private func watchLoops() {
        for loop in loops { _ = standsStill(loop) }
        loop.arm(watch, after: Self.watchInterval)
    }

    private func standsStill(_ server: ServerLoop) -> Bool {
        let held = server.loop.busyTime
        guard held > Self.patience else {
            named.remove(server.loop.index)
            return false
        }
        if named.insert(server.loop.index).inserted {
            counters.reach(.loopTime)
            log.warning(
                "event loop blocked loop=\(server.loop.index) ms=\(held.nanoseconds / 1_000_000): a handler blocks it, and nothing else on it can run. New connections go to other loops. Await long work in a function that is marked @concurrent; --log-level debug names the handler."
            )
        }
        return true
    }

    // MARK: Room

    /// The number of idle connections that each loop closes when no descriptor is free for a new one.
    private static let closedAtOnce = 16

    /// Closes idle connections, because no descriptor is free for a new one.
    private func makeRoom() {
        for server in loops {
            server.loop.execute { server.closeIdle(atMost: Self.closedAtOnce) }
        }
    }
}
