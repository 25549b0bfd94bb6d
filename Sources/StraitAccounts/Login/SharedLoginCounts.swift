internal import FoundationEssentials
internal import StraitCache
internal import StraitCore

/// Counts of failed logins that all processes share in a cache. Each step is atomic there, so concurrent attempts on
/// several processes are counted like those on one.
///
/// A subject has two keys. One stores the time at which all of its failures are forgotten, in milliseconds since 1970;
/// each failure moves it. The other is a gate, which exists while the next attempt must wait. After too many failures,
/// an attempt may pass only if it creates the gate itself.
struct SharedLoginCounts: Sendable {
    let cache: any Cache
    let limits: LoginThrottle.Limits
    let now: @Sendable () -> Date

    /// The result of an attempt.
    enum Outcome {
        case admitted
        case refused(Duration)
        /// The cache cannot be used.
        case unavailable
    }

    /// Counts an attempt as a failure, unless it must wait.
    func attempt(_ subjects: [LoginSubject]) async -> Outcome {
        do {
            return try await begin(subjects).map { .refused($0) } ?? .admitted
        } catch {
            return .unavailable
        }
    }

    /// Counts an attempt as a failure. If it must wait, returns the time to wait and does not count it.
    ///
    /// - Throws: The errors of the cache.
    private func begin(_ subjects: [LoginSubject]) async throws -> Duration? {
        for subject in subjects {
            if let wait = try await wait(subject) { return wait }
        }
        for (index, subject) in subjects.enumerated() {
            let failures = try await count(subject)
            guard let wait = limits.wait(after: failures, allowed: subject.allowed) else { continue }
            let end = milliseconds + Self.milliseconds(wait)
            if try await cache.add(Self.gate(subject), .int(end), timeout: Self.timeout(wait)) { continue }
            // Another attempt has created the gate since the first check.
            try await uncount(subject)
            for earlier in subjects[..<index] { try await takeBack(earlier) }
            return try await self.wait(subject) ?? limits.firstWait
        }
        return nil
    }

    /// Undoes the count of an attempt whose password was not checked.
    func abandoned(_ subjects: [LoginSubject]) async throws {
        for subject in subjects { try await takeBack(subject) }
    }

    /// Deletes the counts that a login resets, and undoes this attempt's other counts.
    func succeeded(_ subjects: [LoginSubject]) async throws {
        for subject in subjects {
            if subject.endsWithLogin {
                try await cache.delete(subject.key)
                try await cache.delete(Self.gate(subject))
            } else {
                try await takeBack(subject)
            }
        }
    }

    private func wait(_ subject: LoginSubject) async throws -> Duration? {
        guard let end = try await cache.get(Self.gate(subject))?.int else { return nil }
        return .milliseconds(max(1, Self.difference(end, milliseconds)))
    }

    /// Counts a failure, and returns the number of failures that are not forgotten.
    private func count(_ subject: LoginSubject) async throws -> Int {
        let step = Self.milliseconds(limits.forgetsOneAfter)
        while true {
            let now = milliseconds
            if try await cache.add(subject.key, .int(now + step), timeout: Self.timeout(limits.forgetsOneAfter)) {
                return 1
            }
            // The count may have expired in the meantime.
            guard let end = try await cache.increment(subject.key, by: step) else { continue }
            let left = max(step, Self.difference(end, now))
            try await cache.touch(subject.key, timeout: Self.timeout(.milliseconds(left)))
            return (left + step - 1) / step
        }
    }

    private func uncount(_ subject: LoginSubject) async throws {
        let step = Self.milliseconds(limits.forgetsOneAfter)
        guard let end = try await cache.increment(subject.key, by: -step), end <= milliseconds else { return }
        try await cache.delete(subject.key)
    }

    private func takeBack(_ subject: LoginSubject) async throws {
        try await uncount(subject)
        try await cache.delete(Self.gate(subject))
    }

    /// The difference of two times, at most a year. Another program may have stored any number in the cache.
    private static func difference(_ end: Int, _ now: Int) -> Int {
        let (difference, overflows) = end.subtractingReportingOverflow(now)
        return overflows ? 0 : min(difference, 31_536_000_000)
    }

    private static func gate(_ subject: LoginSubject) -> String { subject.key + ".gate" }

    /// The current time in milliseconds since 1970.
    private var milliseconds: Int { Int(now().timeIntervalSince1970 * 1000) }

    private static func milliseconds(_ duration: Duration) -> Int {
        Int(min(max((duration / .milliseconds(1)).rounded(.up), 1), 1e12))
    }

    /// Cache timeouts are whole seconds.
    private static func timeout(_ wait: Duration) -> CacheTimeout {
        .seconds(max(1, Int(min((wait / .seconds(1)).rounded(.up), 1e9))))
    }
}
