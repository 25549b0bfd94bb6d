internal import StraitCore
internal import Synchronization

/// A cache in the memory of the process; Django's `LocMemCache`. When it is full, it drops the least recently used
/// values.
public final class MemoryCache: Cache {
    private struct Entry {
        var value: CacheValue
        let cost: Int
        var end: Duration?
        var lastUse: Int
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var cost = 0
        var uses = 0

        mutating func remove(_ key: String) -> Bool {
            guard let entry = entries.removeValue(forKey: key) else { return false }
            cost -= entry.cost
            return true
        }
    }

    /// The maximum size of all values, in bytes.
    public let maximumBytes: Int
    /// The maximum number of values.
    public let maximumEntries: Int
    private let timeout: CacheTimeout
    private let now: @Sendable () -> Duration
    private let state = Mutex(State())

    /// Creates a cache.
    ///
    /// - Parameters:
    ///   - maximumBytes: The maximum size of all values, in bytes. 64 MiB by default.
    ///   - maximumEntries: The maximum number of values; Django's `MAX_ENTRIES`.
    ///   - timeout: The timeout of values that have none of their own.
    ///   - clock: The clock that measures the timeouts.
    public init(
        maximumBytes: Int = 64 << 20, maximumEntries: Int = 1_000_000, timeout: CacheTimeout = .seconds(300),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.maximumBytes = maximumBytes
        self.maximumEntries = maximumEntries
        self.timeout = timeout
        now = clock.elapsedTime
    }

    /// False: each process has its own values.
    public var isShared: Bool { false }

    /// Returns a value, or nil if there is none.
    public func get(_ key: String) async throws -> CacheValue? {
        state.withLock { state in
            guard var entry = live(key, &state) else { return nil }
            state.uses += 1
            entry.lastUse = state.uses
            state.entries[key] = entry
            return entry.value
        }
    }

    /// Stores a value.
    public func set(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws {
        state.withLock { store(key, value, timeout, &$0) }
    }

    /// Stores a value if the key has none.
    public func add(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws -> Bool {
        state.withLock { state in
            if live(key, &state) != nil { return false }
            store(key, value, timeout, &state)
            return true
        }
    }

    /// Stores a value if the key already has one.
    public func replace(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws -> Bool {
        state.withLock { state in
            if live(key, &state) == nil { return false }
            store(key, value, timeout, &state)
            return true
        }
    }

    /// Deletes a value.
    @discardableResult
    public func delete(_ key: String) async throws -> Bool {
        state.withLock { state in live(key, &state) == nil ? false : state.remove(key) }
    }

    /// Restarts a value's timeout.
    @discardableResult
    public func touch(_ key: String, timeout: CacheTimeout) async throws -> Bool {
        state.withLock { state in
            guard let entry = live(key, &state) else { return false }
            store(key, entry.value, timeout, &state)
            return true
        }
    }

    /// Adds a number to an integer, which keeps its timeout.
    public func increment(_ key: String, by delta: Int) async throws -> Int? {
        let result: Result<Int, CacheError>? = state.withLock { state in
            guard var entry = live(key, &state) else { return nil }
            guard case .int(let number) = entry.value, case (let sum, false) = number.addingReportingOverflow(delta)
            else { return .failure(.noInteger(key)) }
            entry.value = .int(sum)
            state.entries[key] = entry
            return .success(sum)
        }
        return try result?.get()
    }

    /// Returns the keys that have a value.
    public func existing(_ keys: [String]) async throws -> Set<String> {
        state.withLock { state in Set(keys.filter { live($0, &state) != nil }) }
    }

    /// Drops all values.
    public func close() async { state.withLock { $0 = State() } }

    /// Returns an entry that has not expired.
    private func live(_ key: String, _ state: inout State) -> Entry? {
        guard let entry = state.entries[key] else { return nil }
        if let end = entry.end, end <= now() {
            _ = state.remove(key)
            return nil
        }
        return entry
    }

    private func store(_ key: String, _ value: CacheValue, _ timeout: CacheTimeout, _ state: inout State) {
        _ = state.remove(key)
        let seconds = timeout.seconds(standard: self.timeout)
        let cost = value.cost + key.utf8.count + 128
        guard seconds != 0, cost <= maximumBytes else { return }
        state.uses += 1
        state.entries[key] = Entry(
            value: value, cost: cost, end: seconds.map { now() + .seconds($0) }, lastUse: state.uses)
        state.cost += cost
        guard state.cost > maximumBytes || state.entries.count > maximumEntries else { return }
        // This is rare, because it frees a quarter of the cache at once.
        let (fewBytes, fewEntries) = (maximumBytes / 4 * 3, max(1, maximumEntries / 4 * 3))
        let byUse = state.entries.sorted { $0.value.lastUse < $1.value.lastUse }
        for (name, _) in byUse where name != key {
            guard state.cost > fewBytes || state.entries.count > fewEntries else { break }
            _ = state.remove(name)
        }
    }
}

extension CacheError {
    package static func noInteger(_ key: String) -> CacheError {
        CacheError(
            .noInteger,
            "Nothing can be added to the value of '\(key)': it is not an integer, or the sum is too large. "
                + "Store an integer.")
    }
}
