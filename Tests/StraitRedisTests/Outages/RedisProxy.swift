import RedisServers
import StraitNetwork
import StraitRedis

/// Stands between a layer and a Redis server, and does to their connections what networks do.
///
/// `@unchecked Sendable` is sound because everything that changes is touched on the loop alone.
final class RedisProxy: @unchecked Sendable {
    /// What happens to connections that are made from now on.
    enum Mode {
        case passes
        /// They are there, and nothing arrives.
        case swallows
        case refuses
    }

    /// Where it listens: a Unix socket.
    let socket: String
    private let server: RedisServer
    private let loop = EventLoop()
    private var listener: SocketListener?
    private var mode = Mode.passes
    private var pairs: [Pair] = []

    init(_ server: RedisServer) async throws {
        self.server = server
        socket = "\(server.socket).\(UInt32.random(in: 0 ... .max))"
        loop.start()
        listener = try SocketListener(address: .unix(path: socket), loop: loop)
        await loop.perform { [self] in
            listener?.accept = { [unowned self] descriptor, _ in accept(descriptor) }
            listener?.open()
        }
    }

    deinit { loop.stop() }

    /// A configuration that goes through the proxy.
    var host: RedisHost { .server(RedisAddress(.unix(path: socket))) }

    /// Ends all connections, on both sides.
    func cut() async { await loop.perform { [self] in endAll() } }

    /// Ends all connections, and takes no new ones.
    func refuse() async {
        await loop.perform { [self] in
            mode = .refuses
            endAll()
        }
    }

    /// Nothing arrives any more on any connection, and nobody is told that one is over.
    func swallow() async {
        await loop.perform { [self] in
            mode = .swallows
            for pair in pairs { pair.isSilent = true }
        }
    }

    /// New connections work. Silent ones stay silent.
    func restore() async { await loop.perform { [self] in mode = .passes } }

    /// Ends it, and all connections.
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
        let pair = Pair(near)
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

    /// A connection of a layer and the one to Redis that belongs to it.
    private final class Pair {
        private var ends: [End] = []
        private var early: [Bytes] = []
        var isSilent = false

        init(_ near: SocketStream) {
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
            guard let other = ends.first(where: { $0 !== end }) else { return early.append(bytes) }
            other.stream.write(bytes)
        }

        /// One side is over, and so is the other, unless nobody is to hear of it.
        func ended() {
            if !isSilent { end() }
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

    private final class End: StreamOwner {
        let stream: SocketStream
        var pair: Pair?

        init(_ stream: SocketStream) { self.stream = stream }

        func received(_ bytes: Span<UInt8>) { pair?.pass(Bytes(bytes), from: self) }
        func peerFinished() { pair?.ended() }
        func peerHungUp(hasUnread: Bool) { pair?.ended() }
        func drained() {}
        func closed(_ error: TransportError?) { pair?.ended() }
    }
}
