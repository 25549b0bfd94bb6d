import RedisServers
import StraitCore
import StraitRedis
import Synchronization

/// A proxy between a layer and a Redis server that simulates network failures.
///
/// SAFETY: `@unchecked Sendable` is sound because all mutable state is accessed only on the loop.
final class RedisProxy: @unchecked Sendable {
    /// The treatment of new connections.
    enum Mode {
        case passes
        /// Accepts connections, but delivers nothing.
        case swallows
        case refuses
    }

    /// The path of the Unix socket that the proxy listens on.
    let socket: String
    private let server: RedisServer
    private let loop = EventLoop()
    private var listener: SocketListener?
    private var mode = Mode.passes
    private var pairs: [Pair] = []
    private let delays: Delays?
    private let cuts = Atomic<Int>(0)

    /// - Parameter delays: The maximum delay of each piece of data in each direction, and the seed of the random
    ///   delays. Each direction keeps its order.
    init(_ server: RedisServer, delays: (longest: Duration, seed: UInt64)? = nil) async throws {
        self.server = server
        self.delays = delays.map { Delays(longest: $0.longest, seed: $0.seed) }
        socket = "\(server.socket).\(UInt32.random(in: 0 ... .max))"
        loop.start()
        listener = SocketListener(try ListeningSocket(address: .unix(path: socket)), loop: loop)
        await loop.perform { [self] in
            // A layer may still connect during the last turns of a released proxy.
            listener?.accept = { [weak self] descriptor, _ in
                if let self { accept(descriptor) } else { SocketStream.discard(descriptor) }
            }
            listener?.open()
        }
    }

    deinit { loop.stop() }

    /// The host of a configuration that connects through the proxy.
    var host: RedisHost { .server(RedisAddress(.unix(path: socket))) }

    /// Closes all connections on both sides.
    func cut() async { await loop.perform { [self] in endAll() } }

    /// Closes all connections after `delay`.
    func cut(after delay: Duration) async {
        await loop.perform { [self] in
            loop.run(after: delay) { [self] in
                cuts.wrappingAdd(1, ordering: .relaxed)
                endAll()
            }
        }
    }

    /// The number of delayed cuts so far.
    var cutCount: Int { cuts.load(ordering: .relaxed) }

    /// Closes all connections and rejects new ones.
    func refuse() async {
        await loop.perform { [self] in
            mode = .refuses
            endAll()
        }
    }

    /// Drops all data silently: no side sees its connection end.
    func swallow() async {
        await loop.perform { [self] in
            mode = .swallows
            for pair in pairs { pair.isSilent = true }
        }
    }

    /// Lets new connections work again. Silent connections stay silent.
    func restore() async { await loop.perform { [self] in mode = .passes } }

    /// Closes the proxy and all connections.
    func end() async {
        await loop.perform { [self] in
            endAll()
            listener?.close()
            listener = nil
        }
    }

    private func endAll() {
        for pair in pairs { pair.end() }
        pairs = []
    }

    private func accept(_ descriptor: Int32) {
        let near = SocketStream(
            descriptor: descriptor, loop: loop, peer: .unix(path: ""), local: .unix(path: socket))
        let pair = Pair(near, delays)
        pair.isSilent = mode == .swallows
        near.open()
        if mode == .refuses { return near.abort() }
        pairs.append(pair)
        let connector = try? SocketConnector(
            to: .unix(path: server.socket), loop: loop, timeout: .seconds(10)
        ) { result in
            if case .success(let far) = result { pair.join(far) } else { pair.end() }
        }
        if connector == nil { pair.end() }
    }

    /// A layer's connection and the matching connection to Redis.
    private final class Pair {
        private var ends: [End] = []
        private var early: [Bytes] = []
        var isSilent = false
        private let delays: Delays?

        init(_ near: SocketStream, _ delays: Delays?) {
            self.delays = delays
            let end = End(near)
            ends = [end]
            end.pair = self
            near.attach(end)
        }

        func join(_ far: SocketStream) {
            if ends.isEmpty { return far.abort() }
            let end = End(far)
            end.pair = self
            ends.append(end)
            far.attach(end)
            far.open()
            for bytes in early { far.write(bytes) }
            early = []
        }

        func pass(_ bytes: Bytes, from end: End) {
            if isSilent { return }
            delay(from: end) { [self] in write(bytes, from: end) }
        }

        private func write(_ bytes: Bytes, from end: End) {
            guard let other = ends.first(where: { $0 !== end }) else { return early.append(bytes) }
            other.stream.write(bytes)
        }

        /// Closes the other side when `end` has closed, unless the pair is silent.
        func ended(_ end: End) {
            delay(from: end) { [self] in
                if !isSilent { self.end() }
            }
        }

        /// Runs `action` after a random delay, and after all earlier actions of the same side.
        private func delay(from end: End, _ action: @escaping () -> Void) {
            guard let delays else { return action() }
            let loop = end.stream.loop
            end.free = max(end.free, loop.now.advanced(by: delays.next()))
            loop.run(at: end.free, action)
        }

        func end() {
            let all = ends
            ends = []
            for end in all {
                end.pair = nil
                end.stream.abort()
            }
        }
    }

    /// The random delays of all connections. Loop-bound.
    private final class Delays {
        private let longest: Duration
        private var random: SeededGenerator

        init(longest: Duration, seed: UInt64) {
            self.longest = longest
            random = SeededGenerator(seed: seed)
        }

        func next() -> Duration { .nanoseconds(Int64.random(in: 0...longest.nanoseconds, using: &random)) }
    }

    private final class End: StreamOwner {
        let stream: SocketStream
        var pair: Pair?
        /// The time at which everything received from this side has been forwarded.
        var free = Instant(nanoseconds: 0)

        init(_ stream: SocketStream) { self.stream = stream }

        func received(_ bytes: Span<UInt8>) { pair?.pass(Bytes(bytes), from: self) }
        func peerFinished() { pair?.ended(self) }
        func peerHungUp(hasUnread: Bool) { pair?.ended(self) }
        func wrote(_ count: Int) {}
        func drained() {}
        func closed(_ error: TransportError?) { pair?.ended(self) }
    }
}
