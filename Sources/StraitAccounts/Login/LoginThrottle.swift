internal import FoundationEssentials
public import StraitCache
public import StraitCore
public import StraitHTTP
internal import Synchronization

/// Limits on failed logins, by username and by address, a service. Guessing a password takes too long then.
///
/// After some failures, the next attempt has to wait, and the wait doubles with each further failure, up to a maximum.
/// A correct password that comes too early is refused too, so that an attacker learns nothing.
///
/// If the site has a cache that its processes share, they count together. Otherwise, and while that cache cannot be
/// used, each process counts its own attempts in memory, with a limit on their number.
public final class LoginThrottle: Service, MetricsSource {
    /// The rules of a throttle.
    public struct Limits: Sendable, Hashable {
        /// The number of failures of a username before its next attempt has to wait.
        public var failuresOfUser = 5
        /// The number of failures from an address before the next attempt from it has to wait. Many people may share
        /// an address.
        public var failuresOfAddress = 50
        /// The first wait.
        public var firstWait = Duration.seconds(1)
        /// The longest wait. A count without a failure for this long is forgotten.
        public var longestWait = Duration.seconds(900)
        /// The maximum number of usernames and of addresses that are counted. The oldest are forgotten first.
        public var entries = 100_000

        /// Creates the default limits.
        public init() {}

        /// Returns the time to wait after a number of failures, or nil if the next attempt is free.
        func wait(after failures: Int, allowed: Int) -> Duration? {
            let surplus = failures - allowed
            guard surplus >= 0 else { return nil }
            return surplus < 20 ? min(firstWait * (1 << surplus), longestWait) : longestWait
        }
    }

    private struct Count {
        var failures = 0
        var until = Duration.zero
        var last = Duration.zero
    }

    private struct State {
        var users: [String: Count] = [:]
        var addresses: [String: Count] = [:]
        var refused = 0
    }

    /// The rules.
    public let limits: Limits
    private let now: @Sendable () -> Duration
    private let state = Mutex(State())
    /// The counts of all processes, from the start on; nil if the site has no shared cache.
    private let shared: Mutex<SharedLoginCounts?>

    /// Creates a throttle.
    ///
    /// - Parameters:
    ///   - limits: The rules.
    ///   - cache: A cache that all processes share; nil for the site's cache `default`, if that is shared.
    ///   - clock: The clock of the waits that this process counts alone.
    public init(
        _ limits: Limits = Limits(), cache: (any Cache)? = nil, clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.limits = limits
        now = clock.elapsedTime
        shared = Mutex(cache.map { SharedLoginCounts(cache: $0, limits: limits, now: { Date() }) })
    }

    /// Finds the site's cache.
    public func start(in services: Services) async throws {
        guard let cache = try? services.find(Caches.self)?.cache(), cache.isShared else { return }
        shared.withLock { $0 = $0 ?? SharedLoginCounts(cache: cache, limits: limits, now: { Date() }) }
    }

    private var sharedCounts: SharedLoginCounts? { shared.withLock { $0 } }

    /// Counts an attempt as a failure, before its password is checked. So attempts at the same time are counted too.
    ///
    /// - Throws: ``LoginThrottled`` if the attempt has to wait. It is not counted then.
    public func begin(username: String, address: String?) async throws(LoginThrottled) {
        switch await sharedCounts?.attempt(username: Self.key(username), address: address) {
        case .admitted?: return
        case .refused(let wait)?:
            state.withLock { $0.refused += 1 }
            throw LoginThrottled(wait: wait)
        case .unavailable?, nil: break
        }
        let now = now()
        let wait = state.withLock { state -> Duration? in
            let key = Self.key(username)
            let until = max(
                state.users[key]?.until ?? .zero, address.flatMap { state.addresses[$0]?.until } ?? .zero)
            if until > now {
                state.refused += 1
                return until - now
            }
            count(&state.users, key, limits.failuresOfUser, now)
            if let address { count(&state.addresses, address, limits.failuresOfAddress, now) }
            return nil
        }
        if let wait { throw LoginThrottled(wait: wait) }
    }

    /// Takes back the count of an attempt whose password was not checked, because of an error.
    public func abandoned(username: String, address: String?) async {
        try? await sharedCounts?.abandoned(username: Self.key(username), address: address)
        state.withLock { state in
            Self.takeBack(&state.users, Self.key(username))
            if let address { Self.takeBack(&state.addresses, address) }
        }
    }

    /// Forgets the failures of a user who has logged in. Earlier failures from the address stay, because an attacker
    /// may have an account too.
    public func succeeded(username: String, address: String?) async {
        try? await sharedCounts?.succeeded(username: Self.key(username), address: address)
        state.withLock { state in
            state.users[Self.key(username)] = nil
            if let address { Self.takeBack(&state.addresses, address) }
        }
    }

    private static func takeBack(_ counts: inout [String: Count], _ key: String) {
        guard var count = counts[key] else { return }
        count.failures -= 1
        count.until = .zero
        counts[key] = count.failures > 0 ? count : nil
    }

    private func count(_ counts: inout [String: Count], _ key: String, _ allowed: Int, _ now: Duration) {
        var count = counts[key] ?? Count()
        if now - count.last > limits.longestWait { count = Count() }
        count.failures += 1
        count.last = now
        if let wait = limits.wait(after: count.failures, allowed: allowed) { count.until = now + wait }
        counts[key] = count
        guard counts.count > limits.entries else { return }
        // Rare, and half of the entries at once: old ones first, because they have waited long enough.
        let times = counts.values.map(\.last).sorted()
        let middle = times[times.count / 2]
        counts = counts.filter { $0.value.last > middle || $0.key == key }
    }

    /// Returns the text under which a client is counted: the IPv4 address, or the first 64 bits of an IPv6 address,
    /// because a single customer of a provider has all of the others. Nil for other connections.
    static func key(of address: SocketAddress?) -> String? {
        guard case .internet(let host, _)? = address else { return nil }
        guard host.contains(":"), !host.contains(".") else { return host }
        let halves = host.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let groups = halves.map { $0.split(separator: ":").map(String.init) }
        let missing = groups.count == 2 ? max(0, 8 - groups[0].count - groups[1].count) : 0
        let all = groups[0] + Array(repeating: "0", count: missing) + (groups.count == 2 ? groups[1] : [])
        return all.prefix(4).joined(separator: ":")
    }

    /// A username is counted by its first 150 Unicode scalars, so that long ones do not fill the memory.
    private static func key(_ username: String) -> String { String(username.unicodeScalars.prefix(150)) }

    /// The number of refused attempts.
    public func metrics() -> [Metric] {
        let refused = state.withLock { $0.refused }
        return [
            Metric(
                .counter, "strait_logins_refused_total", help: "Logins that were refused after too many failures.",
                value: refused)
        ]
    }
}

/// An error for a login after too many failures. The response of a page is 429.
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
