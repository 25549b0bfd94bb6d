public import StraitCache
public import StraitCore
internal import StraitLayers

/// A cache in Redis, shared by all processes; Django's `django.core.cache.backends.redis.RedisCache`. A Django site
/// with the same configuration reads and writes the same values.
///
/// It connects when it is first used.
public final class RedisCache: Cache {
    /// The configuration that the cache was created with.
    public let configuration: RedisCacheConfiguration
    private let link: LoopOwned<RedisLink>

    /// Creates a cache.
    ///
    /// - Parameter log: The log for lost connections.
    public convenience init(_ configuration: RedisCacheConfiguration = RedisCacheConfiguration(), log: Log = Log()) {
        self.init(configuration, client: RedisClientSettings(), log: log)
    }

    /// Creates a cache with its own loop, clock and network, for tests.
    package init(_ configuration: RedisCacheConfiguration, client: RedisClientSettings, log: Log = Log()) {
        self.configuration = configuration
        var random = SystemRandomNumberGenerator()
        let number = String(random.next(), radix: 36)
        let host = configuration.host
        let made = RedisLink(
            host, name: "strait-cache-\(number)", loop: client.loop, dialer: client.dialer, limits: client.limits,
            log: log, generator: client.generator())
        // The handlers run on the loop only.
        let outage = Outage(host, log)
        made.lost = { outage.begin($0) }
        made.failed = { outage.begin($0) }
        made.established = { _ in outage.end() }
        link = LoopOwned(loop: client.loop)
        link.begin(made)
    }

    deinit { Self.close(link) }

    /// Closes the connection. Later calls throw an error.
    public func close() async { Self.close(link) }

    private static func close(_ link: LoopOwned<RedisLink>) {
        link.perform { value in
            link.end()
            value.close()
        }
    }

    /// True: all processes with the same configuration share the values.
    public var isShared: Bool { true }

    // MARK: Values

    /// Returns a value, or nil if there is none.
    public func get(_ key: String) async throws -> CacheValue? {
        guard let bytes = try await call("GET", [name(key)]).bytes else { return nil }
        return try configuration.serializer.value(of: bytes)
    }

    /// Stores a value.
    public func set(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws {
        let bytes = try configuration.serializer.bytes(of: value)
        if seconds(timeout) == 0 {
            _ = try await call("DEL", [name(key)])
        } else {
            _ = try await call("SET", [name(key), .bytes(bytes)] + expiry(timeout))
        }
    }

    /// Stores a value if the key has none.
    public func add(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws -> Bool {
        try await store(key, value, timeout, if: "NX")
    }

    /// Stores a value if the key already has one.
    public func replace(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws -> Bool {
        try await store(key, value, timeout, if: "XX")
    }

    private func store(
        _ key: String, _ value: CacheValue, _ timeout: CacheTimeout, if condition: RedisArgument
    ) async throws -> Bool {
        let bytes = try configuration.serializer.bytes(of: value)
        let reply = try await call("SET", [name(key), .bytes(bytes)] + expiry(timeout) + [condition])
        if reply != .null, seconds(timeout) == 0 { _ = try await call("DEL", [name(key)]) }
        return reply != .null
    }

    /// Deletes a value.
    @discardableResult
    public func delete(_ key: String) async throws -> Bool { try await call("DEL", [name(key)]).integer == 1 }

    /// Restarts a value's timeout.
    @discardableResult
    public func touch(_ key: String, timeout: CacheTimeout) async throws -> Bool {
        if let seconds = seconds(timeout) {
            return try await call("EXPIRE", [name(key), .integer(seconds)]).integer == 1
        }
        _ = try await call("PERSIST", [name(key)])
        return try await call("EXISTS", [name(key)]).integer == 1
    }

    /// Adds a number to an integer atomically. The integer keeps its timeout.
    public func increment(_ key: String, by delta: Int) async throws -> Int? {
        do {
            return try await run(Self.increment, [key], [.integer(delta)]).integer
        } catch let failure as RedisFailure {
            if case .refused(let reason) = failure, Self.isWrongType("\(reason)") { throw CacheError.noInteger(key) }
            throw Self.unavailable(failure)
        }
    }

    /// Whether Redis refused a command because of the value, and not because of its own state.
    private static func isWrongType(_ reason: String) -> Bool {
        ["WRONGTYPE", "not an integer", "overflow"].contains { reason.contains($0) }
    }

    /// Returns the keys that have a value. A command checks up to 500 keys.
    public func existing(_ keys: [String]) async throws -> Set<String> {
        var found: Set<String> = []
        for start in stride(from: 0, to: keys.count, by: 500) {
            let part = Array(keys[start..<min(start + 500, keys.count)])
            do {
                let replies = try await run(Self.existing, part, []).elements ?? []
                for (key, reply) in zip(part, replies) where reply.integer == 1 { found.insert(key) }
            } catch let failure as RedisFailure {
                throw Self.unavailable(failure)
            }
        }
        return found
    }

    // MARK: Commands

    private static let increment = RedisScript(
        """
        if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('INCRBY', KEYS[1], ARGV[1]) end
        return false
        """)
    private static let existing = RedisScript(
        """
        local found = {}
        for index, key in ipairs(KEYS) do found[index] = redis.call('EXISTS', key) end
        return found
        """)

    /// The largest timeout that is sent, in seconds: 317 years.
    private static let longest = 10_000_000_000

    private func name(_ key: String) -> RedisArgument { .string(configuration.name(key)) }

    private func seconds(_ timeout: CacheTimeout) -> Int? {
        timeout.seconds(standard: configuration.timeout).map { min($0, Self.longest) }
    }

    private func expiry(_ timeout: CacheTimeout) -> [RedisArgument] {
        // A value with no lifetime is deleted right after this command.
        seconds(timeout).map { ["EX", .integer(max(1, $0))] } ?? []
    }

    private func call(_ command: String, _ arguments: [RedisArgument]) async throws -> RedisValue {
        let command = RedisCommand(command, arguments)
        let result: Result<RedisValue, RedisFailure> = try await ask { link, answer in link.call(command, answer) }
        switch result {
        case .success(let value): return value
        case .failure(let failure): throw Self.unavailable(failure)
        }
    }

    private func run(_ script: RedisScript, _ keys: [String], _ arguments: [RedisArgument]) async throws -> RedisValue {
        let names = keys.map(configuration.name)
        let result: Result<RedisValue, RedisFailure> = try await ask { link, answer in
            link.run(script, keys: names, arguments, answer)
        }
        return try result.get()
    }

    private func ask(
        _ send: @escaping @Sendable (RedisLink, @escaping RedisConnection.Answer) -> RedisCall
    ) async throws -> Result<RedisValue, RedisFailure> {
        do {
            return try await link.ask { (link, pending: PendingReply<Result<RedisValue, RedisFailure>>) in
                pending.call = send(link) { pending.succeed($0) }
            }
        } catch let error as LayerError {
            throw CacheError(.unavailable, "The cache in Redis cannot be used. \(error)")
        }
    }

    private static func unavailable(_ failure: RedisFailure) -> any Error {
        if case .cancelled = failure { return CancellationError() }
        return CacheError(.unavailable, "The cache in Redis cannot be used. \(failure)")
    }

    /// Logs an outage once. Loop-bound.
    private final class Outage {
        private let host: RedisHost
        private let log: Log
        private var isOut = false

        init(_ host: RedisHost, _ log: Log) {
            self.host = host
            self.log = log
        }

        func begin(_ reason: String) {
            if isOut { return }
            isOut = true
            log.warning("The cache has no connection to Redis (\(host)): \(reason) Strait keeps trying to reconnect.")
        }

        func end() {
            if isOut { log.info("The cache is connected to Redis (\(host)) again.") }
            isOut = false
        }
    }
}

/// The configuration of a cache in Redis: an entry in Django's `CACHES`, with the same defaults.
public struct RedisCacheConfiguration: Sendable, Hashable {
    /// The Redis server; Django's `LOCATION`.
    public var host: RedisHost
    /// The text before all keys; Django's `KEY_PREFIX`. Sites that share a database need different prefixes.
    public var keyPrefix: String
    /// The number between the prefix and the key; Django's `VERSION`.
    public var version: Int
    /// The timeout of values that have none of their own; Django's `TIMEOUT`.
    public var timeout: CacheTimeout
    /// The format of the values; Django's option `serializer`.
    public var serializer: CacheSerializer

    /// Creates a configuration.
    public init(
        host: RedisHost = .server(RedisAddress()), keyPrefix: String = "", version: Int = 1,
        timeout: CacheTimeout = .seconds(300), serializer: CacheSerializer = .pickle
    ) {
        self.host = host
        self.keyPrefix = keyPrefix
        self.version = version
        self.timeout = timeout
        self.serializer = serializer
    }

    /// Returns the name of a key in Redis.
    func name(_ key: String) -> String { "\(keyPrefix):\(version):\(key)" }
}
