public import StraitCore
internal import StraitLayers
internal import StraitSessions
internal import Synchronization

/// A service that closes the sockets of users who are no longer logged in. It closes them with 4401, in every process
/// of the site. Reasons are a logout, a changed password, a deactivated or deleted user, a deleted session, or a
/// revoked token.
///
/// If a page or a consumer logs a user out, the other processes learn of it through the channel layer. To find changes
/// by Django or in the database, the service checks the sessions and users of all open sockets twice a second.
public final class SocketWatch: Service, MetricsSource {
    private let interval: Duration
    private let alias: String
    private let clock: any Clock<Duration>
    private let log: Log
    let sockets = UserSockets()
    private let tasks = Mutex<[Task<Void, Never>]>([])
    /// The layer and this process's channel in the group; nil before the service starts.
    private let membership = Mutex<(layer: any ChannelLayer, channel: String)?>(nil)

    /// The channel layer group of all processes.
    static let group = "strait.accounts.logout"
    /// The interval at which a process adds itself to the group again.
    static let joinsAgain = Duration.seconds(60)

    /// Creates a watch.
    ///
    /// - Parameters:
    ///   - interval: The time between checks of the database.
    ///   - alias: The name of the channel layer.
    ///   - clock: The clock that measures the interval.
    ///   - log: The log for failures.
    public init(
        interval: Duration = .milliseconds(500), alias: String = "default",
        clock: any Clock<Duration> = ContinuousClock(),
        log: Log = Log()
    ) {
        self.interval = interval
        self.alias = alias
        self.clock = clock
        self.log = log
    }

    deinit { for task in tasks.withLock({ $0 }) { task.cancel() } }

    /// Starts to check the database and to listen for logouts in other processes.
    ///
    /// - Throws: ``/StraitCore/ServiceError/Code/missing`` if the site has no sessions or accounts.
    public func start(in services: Services) async throws {
        let accounts = try services.get(Accounts.self)
        let sessions = try services.get(Sessions.self)
        let tokens = services.find(AccessTokens.self)
        let layer = try services.get(ChannelLayers.self).layer(alias)
        let channel = try await layer.newChannel(prefix: "accounts")
        try await layer.groupAdd(Self.group, channel)
        membership.withLock { $0 = (layer, channel) }
        let looks = Task { [weak self, clock, interval] in
            while await Self.sleep(for: interval, clock) { await self?.look(accounts, sessions, tokens) }
        }
        let joins = Task { [log, clock] in
            // A layer forgets group members after a day, and Redis may lose them in an outage.
            while await Self.sleep(for: Self.joinsAgain, clock) {
                do { try await layer.groupAdd(Self.group, channel) } catch {
                    log.warning("rejoining the logout group failed; logouts elsewhere may be late error=\"\(error)\"")
                }
            }
        }
        let hears = Task { [weak self, log, clock] in
            repeat {
                do {
                    while true { self?.take(try await layer.receive(channel)) }
                } catch {
                    if error is CancellationError { return }
                    log.warning("receiving logouts failed; logouts elsewhere are late error=\"\(error)\"")
                }
            } while await Self.sleep(for: .seconds(1), clock)
        }
        tasks.withLock { $0 = [looks, joins, hears] }
    }

    /// Waits. Returns false if the task is cancelled.
    private static func sleep(for time: Duration, _ clock: any Clock<Duration>) async -> Bool {
        do {
            try await clock.sleep(for: time)
            return true
        } catch {
            return false
        }
    }

    /// Stops checking and leaves the group.
    public func stop() async {
        let running = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in running { task.cancel() }
        let left = membership.withLock { membership in
            defer { membership = nil }
            return membership
        }
        guard let left else { return }
        // Otherwise, messages would queue in the channel until the layer drops it.
        do { try await left.layer.groupDiscard(Self.group, left.channel) } catch {
            log.warning("leaving the logout group failed error=\"\(error)\"")
        }
    }

    private func take(_ message: LayerMessage) {
        if let session = message["session"]?.string { sockets.close(session: session) }
        if let user = message["user"]?.string { sockets.close(user: user) }
    }

    /// Closes the sockets of a session in this process and all others.
    func end(session: String) async {
        sockets.close(session: session)
        await tell(["type": "accounts.logout", "session": .string(session)])
    }

    /// Closes the sockets of a user in this process and all others.
    func end(user: String) async {
        sockets.close(user: user)
        await tell(["type": "accounts.logout", "user": .string(user)])
    }

    private func tell(_ message: LayerMessage) async {
        guard let layer = membership.withLock({ $0?.layer }) else { return }
        // If this fails, the other processes notice the logout at their next check.
        do { try await layer.groupSend(Self.group, message) } catch {
            log.warning("sending a logout to other processes failed error=\"\(error)\"")
        }
    }

    /// Compares the open sockets with the sessions, tokens and users in the database.
    func look(_ accounts: Accounts, _ sessions: Sessions, _ tokens: AccessTokens?) async {
        let (keys, users) = sockets.all
        if keys.isEmpty { return }
        let ids = keys.compactMap { AccessTokens.id(ofKey: $0) }
        let ofSessions = ids.isEmpty ? keys : keys.filter { AccessTokens.id(ofKey: $0) == nil }
        // A failure of one check does not skip the others.
        await check("tokens") {
            for id in try await tokens?.missing(ids) ?? [] { sockets.close(session: AccessTokens.key(of: id)) }
        }
        await check("sessions") {
            for key in try await sessions.store.missing(ofSessions, at: sessions.now()) { sockets.close(session: key) }
        }
        await check("users") {
            let states = try await accounts.states(of: Array(users.keys))
            for (user, entries) in users {
                for entry in entries where entry.state != nil && entry.state != states[user] { entry.end() }
            }
        }
    }

    private func check(_ what: String, _ body: () async throws -> Void) async {
        do { try await body() } catch {
            log.warning("checking the \(what) of open sockets failed error=\"\(error)\"")
        }
    }

    /// Returns the number of sockets with a user.
    public func metrics() -> [Metric] {
        [
            Metric(
                .gauge, "strait_user_sockets", help: "Open sockets of users who are logged in.", value: sockets.count)
        ]
    }
}
