import StraitLayers
import StraitNetwork

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
