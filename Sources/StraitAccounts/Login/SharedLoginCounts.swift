internal import FoundationEssentials
internal import StraitCache
internal import StraitCore
internal import StraitCrypto

/// Failed logins that all processes count together, in a shared cache. Each step is atomic there, so attempts at the
/// same time on several processes are counted like those on one.
///
/// A user or an address has two keys: the number of failures, and a gate that exists while the next attempt has to
/// wait. After too many failures, an attempt may pass only if it creates the gate itself.
struct SharedLoginCounts: Sendable {
    private struct Subject {
        let failures: String
        let gate: String
        let allowed: Int

        init(_ kind: String, _ name: String, allowed: Int) {
            // A digest, because a username may have any length and any characters.
            let digest = SHA256.hash(Bytes(name).span).hexadecimal
            failures = "strait.logins.\(kind).\(digest).failures"
            gate = "strait.logins.\(kind).\(digest).gate"
            self.allowed = allowed
        }
    }

    let cache: any Cache
    let limits: LoginThrottle.Limits
    let now: @Sendable () -> Date

    private func user(_ name: String) -> Subject { Subject("user", name, allowed: limits.failuresOfUser) }
    private func address(_ name: String) -> Subject { Subject("address", name, allowed: limits.failuresOfAddress) }

    enum Outcome {
        case admitted
        case refused(Duration)
        /// The cache cannot be used.
        case unavailable
    }

    /// Counts an attempt as a failure, unless it has to wait.
    func attempt(username: String, address: String?) async -> Outcome {
        do {
            return try await begin(username: username, address: address).map { .refused($0) } ?? .admitted
        } catch {
            return .unavailable
        }
    }

    /// Counts an attempt as a failure. Returns the time to wait if it may not be made; it is not counted then.
    ///
    /// - Throws: The errors of the cache.
    private func begin(username: String, address name: String?) async throws -> Duration? {
        let subjects = [user(username)] + (name.map { [address($0)] } ?? [])
        for subject in subjects {
            if let wait = try await wait(subject) { return wait }
        }
        for (index, subject) in subjects.enumerated() {
            let failures = try await count(subject)
            guard let wait = limits.wait(after: failures, allowed: subject.allowed) else { continue }
            let end = now().addingTimeInterval(wait / .seconds(1))
            let milliseconds = CacheValue.int(Int(end.timeIntervalSince1970 * 1000))
            if try await cache.add(subject.gate, milliseconds, timeout: Self.timeout(wait)) { continue }
            // Another attempt has created the gate since the first look.
            try await uncount(subject)
            for earlier in subjects[..<index] { try await takeBack(earlier) }
            return try await self.wait(subject) ?? limits.firstWait
        }
        return nil
    }

    /// Takes back the count of an attempt whose password was not checked.
    func abandoned(username: String, address name: String?) async throws {
        try await takeBack(user(username))
        if let name { try await takeBack(address(name)) }
    }

    /// Forgets the failures of a user who has logged in, and takes back the address' count of this attempt.
    func succeeded(username: String, address name: String?) async throws {
        let user = user(username)
        try await cache.delete(user.failures)
        try await cache.delete(user.gate)
        if let name { try await takeBack(address(name)) }
    }

    private func wait(_ subject: Subject) async throws -> Duration? {
        guard let end = try await cache.get(subject.gate)?.int else { return nil }
        return .milliseconds(max(1, end - Int(now().timeIntervalSince1970 * 1000)))
    }

    /// Counts a failure, and begins the time again after which the count is forgotten.
    private func count(_ subject: Subject) async throws -> Int {
        let timeout = Self.timeout(limits.longestWait)
        while true {
            if try await cache.add(subject.failures, .int(1), timeout: timeout) { return 1 }
            // The count may have expired since.
            guard let failures = try await cache.increment(subject.failures, by: 1) else { continue }
            try await cache.touch(subject.failures, timeout: timeout)
            return failures
        }
    }

    private func uncount(_ subject: Subject) async throws {
        guard let failures = try await cache.increment(subject.failures, by: -1), failures <= 0 else { return }
        try await cache.delete(subject.failures)
    }

    private func takeBack(_ subject: Subject) async throws {
        try await uncount(subject)
        try await cache.delete(subject.gate)
    }

    /// A cache counts in whole seconds.
    private static func timeout(_ wait: Duration) -> CacheTimeout {
        .seconds(max(1, Int(min((wait / .seconds(1)).rounded(.up), 1e9))))
    }
}
