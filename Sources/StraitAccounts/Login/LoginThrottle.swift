internal import FoundationEssentials
public import StraitCache
public import StraitCore
public import StraitHTTP
internal import Synchronization

/// A service that limits failed logins by username and by client address, so that guessing a password takes too long.
///
/// After a number of failures, the next attempt must wait. The wait doubles with each further failure, up to a maximum.
/// An attempt that comes too early is refused even if its password is correct, so an attacker learns nothing from it.
///
/// If the site has a cache that its processes share, they count together. Otherwise, and while that cache is
/// unavailable, each process counts its own attempts in memory and limits the number of counts.
public final class LoginThrottle: Service, MetricsSource {
    /// The limits of a throttle.
    public struct Limits: Sendable, Hashable {
        /// The number of failures for a username from one address after which the next attempt must wait.
        public var failuresOfUser = 5
        /// The number of failures for a username from all addresses after which the next attempt must wait. It is
        /// higher, because an attacker who reaches it also keeps the user out.
        public var failuresOfUserAnywhere = 50
        /// The number of failures from an address after which the next attempt must wait. Many people may share an
        /// address.
        public var failuresOfAddress = 50
        /// The first wait.
        public var firstWait = Duration.seconds(1)
        /// The longest wait.
        public var longestWait = Duration.seconds(900)
        /// The time after which one failure is forgotten.
        public var forgetsOneAfter = Duration.seconds(300)
        /// The maximum number of counts in the memory of a process. The oldest are forgotten first.
        public var entries = 100_000

        /// Creates the default limits.
        public init() {}

        /// Returns the time to wait after a number of failures, or nil if the next attempt need not wait.
        func wait(after failures: Int, allowed: Int) -> Duration? {
            let surplus = failures - allowed
            guard surplus >= 0 else { return nil }
            return surplus < 20 ? min(firstWait * (1 << surplus), longestWait) : longestWait
        }
    }

    private struct Count {
        /// The time at which all failures are forgotten. Each failure moves it by `forgetsOneAfter`.
        var forgotten = Duration.zero
        /// The time from which the next attempt is admitted.
        var until = Duration.zero
        var last = Duration.zero
    }

    private struct State {
        /// The counts by the keys of their subjects.
        var counts: [String: Count] = [:]
        var refused = 0
        /// Whether the shared cache has failed since it last worked.
        var isUnavailable = false
    }

    /// The limits.
    public let limits: Limits
    private let now: @Sendable () -> Duration
    private let log: Log
    private let state = Mutex(State())
    /// The counts of all processes, once the service has started; nil if the site has no shared cache.
    private let shared: Mutex<SharedLoginCounts?>

    /// Creates a throttle.
    ///
    /// - Parameters:
    ///   - limits: The limits.
    ///   - cache: A cache that all processes share; nil for the site's cache `default`, if that is shared.
    ///   - clock: The clock that measures the waits that this process counts alone.
    ///   - log: The log for failures of the cache.
    public init(
        _ limits: Limits = Limits(), cache: (any Cache)? = nil, clock: any Clock<Duration> = ContinuousClock(),
        log: Log = Log()
    ) {
        self.limits = limits
        self.log = log
        now = clock.elapsedTime
        shared = Mutex(cache.map { SharedLoginCounts(cache: $0, limits: limits, now: { Date() }) })
    }

    /// Finds the site's cache `default`. Without one, this process counts alone.
    public func start(in services: Services) async throws {
        guard let cache = try? services.find(Caches.self)?.cache(), cache.isShared else { return }
        shared.withLock { $0 = $0 ?? SharedLoginCounts(cache: cache, limits: limits, now: { Date() }) }
    }

    /// Logs that the shared cache has failed, or works again.
    private func report(isUnavailable: Bool) {
        let hasChanged = state.withLock { state in
            defer { state.isUnavailable = isUnavailable }
            return state.isUnavailable != isUnavailable
        }
        guard hasChanged else { return }
        if isUnavailable {
            log.warning("failed logins are counted by each process alone, because the shared cache failed")
        } else {
            log.info("failed logins are counted in the shared cache again")
        }
    }

    private var sharedCounts: SharedLoginCounts? { shared.withLock { $0 } }

    /// Counts an attempt as a failure before its password is checked, so that concurrent attempts are counted too.
    ///
    /// - Throws: ``LoginThrottled`` if the attempt must wait. Such an attempt is not counted.
    public func begin(username: String, address: String?) async throws(LoginThrottled) {
        let subjects = LoginSubject.all(username, address, limits)
        switch await sharedCounts?.attempt(subjects) {
        case .admitted?: return report(isUnavailable: false)
        case .refused(let wait)?:
            state.withLock { $0.refused += 1 }
            throw LoginThrottled(wait: wait)
        case .unavailable?: report(isUnavailable: true)
        case nil: break
        }
        let now = now()
        let wait = state.withLock { state -> Duration? in
            let until = subjects.map { state.counts[$0.key]?.until ?? .zero }.max() ?? .zero
            if until > now {
                state.refused += 1
                return until - now
            }
            for subject in subjects { count(&state.counts, subject, now) }
            return nil
        }
        if let wait { throw LoginThrottled(wait: wait) }
    }

    /// Undoes the count of an attempt whose password could not be checked because of an error.
    public func abandoned(username: String, address: String?) async {
        let subjects = LoginSubject.all(username, address, limits)
        do { try await sharedCounts?.abandoned(subjects) } catch { report(isUnavailable: true) }
        let now = now()
        state.withLock { state in
            for subject in subjects { takeBack(&state.counts, subject, now) }
        }
    }

    /// Forgets the failures of a user from an address, because the user has logged in. Other failures from the address
    /// still count, because an attacker may have an account too.
    public func succeeded(username: String, address: String?) async {
        let subjects = LoginSubject.all(username, address, limits)
        do { try await sharedCounts?.succeeded(subjects) } catch { report(isUnavailable: true) }
        let now = now()
        state.withLock { state in
            for subject in subjects {
                if subject.endsWithLogin {
                    state.counts[subject.key] = nil
                } else {
                    takeBack(&state.counts, subject, now)
                }
            }
        }
    }

    private func takeBack(_ counts: inout [String: Count], _ subject: LoginSubject, _ now: Duration) {
        guard var count = counts[subject.key] else { return }
        count.forgotten -= limits.forgetsOneAfter
        count.until = .zero
        counts[subject.key] = count.forgotten > now ? count : nil
    }

    private func count(_ counts: inout [String: Count], _ subject: LoginSubject, _ now: Duration) {
        var count = counts[subject.key] ?? Count()
        count.forgotten = max(now, count.forgotten) + limits.forgetsOneAfter
        count.last = now
        let failures = Int(((count.forgotten - now) / limits.forgetsOneAfter).rounded(.up))
        if let wait = limits.wait(after: failures, allowed: subject.allowed) { count.until = now + wait }
        counts[subject.key] = count
        guard counts.count > limits.entries else { return }
        // This is rare, because it removes half of the entries at once, the oldest first.
        let times = counts.values.map(\.last).sorted()
        let middle = times[times.count / 2]
        counts = counts.filter { $0.value.last > middle || $0.key == subject.key }
    }

    /// Returns the key under which a client is counted: its IPv4 address, or the first 64 bits of its IPv6 address. A
    /// provider gives all addresses with the same 64 bits to a single customer. Returns nil for other connections.
    static func key(of address: SocketAddress?) -> String? {
        guard case .internet(let host, _)? = address else { return nil }
        guard host.contains(":"), !host.contains(".") else { return host }
        let halves = host.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let groups = halves.map { $0.split(separator: ":").map(String.init) }
        let missing = groups.count == 2 ? max(0, 8 - groups[0].count - groups[1].count) : 0
        let all = groups[0] + Array(repeating: "0", count: missing) + (groups.count == 2 ? groups[1] : [])
        return all.prefix(4).joined(separator: ":")
    }

    /// Returns the number of refused attempts.
    public func metrics() -> [Metric] {
        let refused = state.withLock { $0.refused }
        return [
            Metric(
                .counter, "strait_logins_refused_total", help: "Logins that were refused after too many failures.",
                value: refused)
        ]
    }
}

/// The error of a login attempt after too many failures. If a page throws it, the response is 429.
public struct LoginThrottled: HTTPStatusError, Hashable, Sendable {
    /// The time to wait.
    public let wait: Duration

    /// Creates the error.
    public init(wait: Duration) { self.wait = wait }

    /// 429 Too Many Requests.
    public var status: HTTPStatus { .tooManyRequests }
    /// The text for the user.
    public var description: String {
        let seconds = max(1, Int((wait / .seconds(1)).rounded(.up)))
        return "Too many failed logins. Try again in \(seconds) second\(seconds == 1 ? "" : "s")."
    }
}

extension Request {
    /// Counts an attempt that is limited like failed logins. Returns false if it comes too early.
    func countsAttempt(_ name: String) async throws -> Bool {
        guard let throttle = services.find(LoginThrottle.self) else { return true }
        do {
            try await throttle.begin(username: name, address: LoginThrottle.key(of: scope.client))
            return true
        } catch {
            return false
        }
    }
}
