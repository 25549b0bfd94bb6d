/// Storage for values that may be lost at any time; the part of Django's cache API that sessions and logins need.
///
/// Pass keys without prefix and version; the cache adds both.
public protocol Cache: Sendable {
    /// Whether several processes share the values.
    var isShared: Bool { get }

    /// Returns a value, or nil if there is none.
    ///
    /// - Throws: ``CacheValueError`` if the value cannot be read; ``CacheError`` if the cache cannot be reached.
    func get(_ key: String) async throws -> CacheValue?

    /// Stores a value.
    func set(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws

    /// Stores a value if the key has none. Returns whether it was stored.
    func add(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws -> Bool

    /// Stores a value if the key already has one. Returns whether it was stored.
    func replace(_ key: String, _ value: CacheValue, timeout: CacheTimeout) async throws -> Bool

    /// Deletes a value. Returns whether there was one.
    @discardableResult
    func delete(_ key: String) async throws -> Bool

    /// Restarts a value's timeout. Returns whether there is a value.
    @discardableResult
    func touch(_ key: String, timeout: CacheTimeout) async throws -> Bool

    /// Adds a number to an integer atomically. Returns the sum, or nil if there is no value; Django's `incr`.
    func increment(_ key: String, by delta: Int) async throws -> Int?

    /// Returns the keys that have a value.
    func existing(_ keys: [String]) async throws -> Set<String>

    /// Closes connections. Later calls throw an error.
    func close() async
}

/// The time for which a cache keeps a value; the argument `timeout` in Django.
public enum CacheTimeout: Sendable, Hashable {
    /// The cache's own timeout, 300 seconds unless its configuration sets another.
    case standard
    /// A number of seconds. With 0 or less, the value is not kept.
    case seconds(Int)
    /// The value is kept until the cache needs the memory.
    case never

    /// Returns the seconds, or nil for no expiry.
    ///
    /// - Parameter standard: The cache's own timeout.
    package func seconds(standard: CacheTimeout) -> Int? {
        switch self {
        case .seconds(let seconds): max(0, seconds)
        case .never: nil
        case .standard: standard == .standard ? 300 : standard.seconds(standard: .seconds(300))
        }
    }
}

/// An error of a cache.
public struct CacheError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Hashable, Sendable {
        /// The cache cannot be reached.
        case unavailable
        /// The value is not an integer, so nothing can be added to it.
        case noInteger
        /// The site has no cache with this name.
        case noCache
    }

    /// The kind of error.
    public let code: Code
    /// The problem and its solution.
    public let description: String

    /// Creates an error for a cache of your own.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
