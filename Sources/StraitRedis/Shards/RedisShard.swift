import StraitLayers
import StraitNetwork

/// One server of a layer, with the connections to it: one for commands, and one for each kind of waiting. Loop-bound.
final class RedisShard {
    let host: RedisHost
    /// For everything that is answered at once.
    let commands: RedisLink
    private let make: (String) -> RedisLink
    private let loop: EventLoop
    private let log: Log
    private let counters: LayerCounters
    private var links: [RedisLink] = []
    private var outSince: Instant?
    private var whenEstablished: [() -> Void] = []
    /// Called where the connection for commands is lost.
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

    /// The servers of a layer; `process` is what tells this one from the others.
    static func all(
        of configuration: RedisLayerConfiguration, process: String, client: RedisClientSettings,
        counters: LayerCounters, log: Log
    ) -> [RedisShard] {
        configuration.shards.map {
            RedisShard($0, process: process, client: client, counters: counters, log: log)
        }
    }

    /// Has `call` called with each new connection for commands.
    func whenEstablished(_ call: @escaping () -> Void) { whenEstablished.append(call) }

    /// A further connection, for what `role` says: a word.
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

    /// An outage is told once, whichever connection notices it first.
    private func isOut(_ reason: String) {
        if outSince != nil { return }
        outSince = loop.now
        counters.loseConnection()
        log.warning(
            "There is no connection to Redis (\(host)): \(reason) What is on its way may be lost; what is sent from now on waits for a moment and is refused then. It is tried again all the time."
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
