public import StraitCore

/// A service with the password hashers of a site; Django's `PASSWORD_HASHERS`, `make_password` and `check_password`.
///
/// Hashes are computed on a few low-priority threads, so they delay neither event loops nor other threads. If no thread
/// is free, a call waits in a queue of limited length.
///
/// ```swift
/// let hash = try await passwords.hash("s3cret")            // pbkdf2_sha256$1000000$…
/// let check = try await passwords.check("s3cret", hash)    // check.isCorrect
/// ```
public final class PasswordHashers: Service, MetricsSource {
    /// The hashers. The first makes new hashes; the others only verify existing ones.
    public let hashers: [any PasswordHasher]
    private let threads: ThreadPool

    /// Creates the service.
    ///
    /// - Parameters:
    ///   - hashers: The hashers, the preferred one first.
    ///   - threads: The number of hashes that are computed at once. The default is half the number of cores, and at
    ///     least one.
    ///   - queue: The maximum number of calls that wait for a thread. Further calls throw
    ///     ``/StraitCore/ThreadPoolError``.
    public init(
        _ hashers: [any PasswordHasher] = PasswordHashers.standard, threads: Int? = nil, queue: Int = 256
    ) {
        self.hashers = hashers.isEmpty ? Self.standard : hashers
        self.threads = ThreadPool(
            name: "passwords", threads: threads ?? max(1, EventLoopGroup.coreCount / 2), queue: queue, niceness: 10)
    }

    /// Django's list: PBKDF2 with SHA-256, PBKDF2 with SHA-1, Argon2, bcrypt with SHA-256, scrypt.
    public static var standard: [any PasswordHasher] {
        [
            PBKDF2PasswordHasher(), PBKDF2PasswordHasher(usesSHA1: true), Argon2PasswordHasher(),
            BCryptPasswordHasher(), ScryptPasswordHasher(),
        ]
    }

    /// Hashes the password with the preferred hasher; Django's `make_password`. For nil, returns an unusable hash,
    /// which begins with `!` and matches no password.
    ///
    /// - Throws: ``/StraitCore/ThreadPoolError`` if too many calls wait; `CancellationError`; ``PasswordHashError``.
    public func hash(_ password: String?) async throws -> String {
        guard let password else { return Self.unusable() }
        return try await threads.run { [hashers] in
            let hash = hashers[0].hash(password)
            // A hasher without memory returns no hash. An empty password column would lock the user out.
            if hash.isEmpty { throw PasswordHashError(algorithm: hashers[0].algorithm) }
            return hash
        }
    }

    /// Compares a password with a hash; Django's `check_password`.
    ///
    /// It takes at least as long as a new hash, even if `hash` is nil, so the time does not reveal whether a user
    /// exists.
    ///
    /// - Parameters:
    ///   - password: The password that a user entered.
    ///   - hash: The stored hash, or nil if there is no such user.
    /// - Throws: ``/StraitCore/ThreadPoolError`` if too many calls wait; `CancellationError`.
    public func check(_ password: String, _ hash: String?) async throws -> PasswordCheck {
        try await threads.run { [hashers] in
            guard let hash, Self.isUsable(hash), let hasher = Self.hasher(of: hash, hashers) else {
                _ = hashers[0].hash(PasswordText.random(40))
                return PasswordCheck(isCorrect: false, mustUpdate: false)
            }
            let isOther = hasher.algorithm != hashers[0].algorithm
            let mustUpdate = isOther || hasher.isOutdated(hash)
            let isCorrect = hasher.verifies(password, hash)
            if !isCorrect, mustUpdate, !isOther { hashers[0].hardenRuntime(password, hash) }
            return PasswordCheck(isCorrect: isCorrect, mustUpdate: isCorrect && mustUpdate)
        }
    }

    /// Whether a hash can match a password; Django's `is_password_usable`.
    public static func isUsable(_ hash: String) -> Bool { hash.utf8.first != UInt8(ascii: "!") }

    /// Returns an unusable hash, which matches no password; Django's `set_unusable_password`.
    public static func unusable() -> String { "!" + PasswordText.random(40) }

    private static func hasher(of hash: String, _ hashers: [any PasswordHasher]) -> (any PasswordHasher)? {
        let algorithm = hash.prefix { $0 != "$" }
        return hashers.first { $0.algorithm == algorithm }
    }

    /// Returns the number of calls that are running, are waiting, have completed, were refused, and were cancelled
    /// while they waited.
    public func metrics() -> [Metric] { threads.metrics() }

    /// Stops the threads after they finish the hashes that they are computing.
    public func stop() async { await threads.stop() }
}

/// The result of comparing a password with a hash.
public struct PasswordCheck: Sendable, Hashable {
    /// Whether the password matches the hash.
    public var isCorrect: Bool
    /// Whether the password is correct and its hash should be replaced by a new one, because the algorithm or the cost
    /// has changed.
    public var mustUpdate: Bool

    /// Creates a result.
    public init(isCorrect: Bool, mustUpdate: Bool) {
        self.isCorrect = isCorrect
        self.mustUpdate = mustUpdate
    }
}

/// An error of a hasher that could not compute a hash, because the server has too little memory for it.
public struct PasswordHashError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The algorithm, such as `argon2`.
    public let algorithm: String
    /// The problem and its solution.
    public var description: String {
        "The \(algorithm) hash of a password could not be computed. Give the server more memory, or put a hasher that "
            + "needs less first in PasswordHashers."
    }
}
