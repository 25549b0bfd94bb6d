internal import CZlib
import StraitCore
import StraitLayers

/// One Redis server of a layer, with its connections: one for commands, and one for each kind of blocking read or
/// subscription. Loop-bound.
final class RedisShard {
    let host: RedisHost
    /// The link for commands that don't block.
    let commands: RedisLink
    private let make: (String) -> RedisLink
    private let loop: EventLoop
    private let log: Log
    private let counters: LayerCounters
    private var links: [RedisLink] = []
    private var outSince: Instant?
    private var whenEstablished: [() -> Void] = []
    /// The handler for the loss of the command connection.
    var commandsLost: () -> Void = {}

    init(_ host: RedisHost, process: String, client: RedisClientSettings, counters: LayerCounters, log: Log) {
        self.host = host
        loop = client.loop
        self.log = log
        self.counters = counters
        make = { role in
            RedisLink(
                host, name: "strait-\(role)-\(process)", loop: client.loop, dialer: client.dialer,
                limits: client.limits, log: log, generator: client.generator())
        }
        commands = make("commands")
        watch(commands)
        commands.lost = { [unowned self] reason in
            isOut(reason)
            commandsLost()
        }
        commands.established = { [unowned self] _ in
            isBack()
            for call in whenEstablished { call() }
        }
    }

    /// Creates the shards of a layer. `process` identifies this process.
    static func all(
        of configuration: RedisLayerConfiguration, process: String, client: RedisClientSettings,
        counters: LayerCounters, log: Log
    ) -> [RedisShard] {
        configuration.shards.map {
            RedisShard($0, process: process, client: client, counters: counters, log: log)
        }
    }

    /// Adds a handler for each new command connection.
    func whenEstablished(_ call: @escaping () -> Void) { whenEstablished.append(call) }

    /// Creates another link. `role` is one word and becomes part of the connection's name.
    func link(for role: String, established: @escaping (RedisConnection) -> Void = { _ in }) -> RedisLink {
        let link = make(role)
        watch(link)
        link.established = { [unowned self] connection in
            isBack()
            established(connection)
        }
        return link
    }

    private func watch(_ link: RedisLink) {
        links.append(link)
        link.lost = { [unowned self] reason in isOut(reason) }
        link.failed = { [unowned self] reason in isOut(reason) }
    }

    /// Logs an outage once, for the connection that notices it first.
    private func isOut(_ reason: String) {
        if outSince != nil { return }
        outSince = loop.now
        counters.loseConnection()
        log.warning(
            """
            There is no connection to Redis (\(host)): \(reason) Messages in transit may be lost. New messages wait \
            briefly and then fail. Strait keeps trying to reconnect.
            """
        )
    }

    private func isBack() {
        guard let began = outSince, links.allSatisfy({ $0.isReady || !$0.isStarted }) else { return }
        outSince = nil
        let milliseconds = began.duration(to: loop.now).nanoseconds / 1_000_000
        log.info("Redis (\(host)) is back after \(milliseconds) ms.")
    }

    func close() {
        for link in links { link.close() }
        whenEstablished = []
        commandsLost = {}
    }
}

/// The distribution of names among several Redis servers: channels_redis' `_consistent_hash`, so that both sides use
/// the same server.
package enum ShardHash {
    /// Returns the index of the server for `name`: the low 12 bits of the CRC-32 of its UTF-8, scaled to `count`.
    ///
    /// - Precondition: `count` is at least 1.
    package static func shard(of name: String, among count: Int) -> Int {
        precondition(count > 0, "There must be at least one server.")
        if count == 1 { return 0 }
        // In floating point, as in Python: an integer division would give some names another server.
        return Int(Double(crc32(name) & 0xFFF) / (4096 / Double(count)))
    }

    static func crc32(_ name: String) -> UInt {
        // SAFETY: zlib reads exactly `bytes.count` bytes, during the call.
        unsafe name.utf8.span.withUnsafeBufferPointer { bytes in
            unsafe UInt(CZlib.crc32_z(0, bytes.baseAddress, bytes.count))
        }
    }
}

/// A value that is owned by an event loop. Other threads can run closures with it on the loop.
///
/// ``end()`` releases the value, which breaks its reference cycles.
///
/// SAFETY: `@unchecked Sendable` is sound because `value` is used on the loop only. It is set before any other thread
/// has a reference to this object.
final class LoopOwned<Value>: @unchecked Sendable {
    let loop: EventLoop
    private var value: Value?

    init(loop: EventLoop) { self.loop = loop }

    /// Sets the value. Call it once, before sharing the reference.
    func begin(_ value: Value) { self.value = value }

    /// Runs `body` on the loop, unless the value has been released.
    func perform(_ body: @escaping @Sendable (Value) -> Void) {
        loop.execute { [self] in
            if let value { body(value) }
        }
    }

    /// Runs `body` on the loop and returns the result of its pending reply; see ``/StraitCore/EventLoop/ask(_:)``.
    nonisolated(nonsending) func ask<Answer: Sendable>(
        _ body: @escaping @Sendable (Value, PendingReply<Answer>) -> Void
    ) async throws -> Answer {
        try await loop.ask { [self] pending in
            if let value { body(value, pending) } else { pending.fail(.unavailable("The channel layer was closed.")) }
        }
    }

    /// Releases the value. Call it on the loop.
    func end() { value = nil }
}
