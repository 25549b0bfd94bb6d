import StraitCore
import StraitLayers

/// The subscriptions on one server, over one connection. They are restored after each outage. Loop-bound.
final class Subscriber {
    private let loop: EventLoop
    private let timeLimits: RedisTimeLimits
    private let link: RedisLink
    private var connection: RedisConnection?
    private var isPaused = false
    private var wanted: [String: [PendingReply<Void>]] = [:]
    private var pattern: String?
    /// Whether the server has confirmed the subscription to the pattern of ``follow(pattern:)``.
    private(set) var isPatternConfirmed = false
    /// The number of missing confirmations per channel. It is over 1 if a channel was unsubscribed and subscribed
    /// again.
    private var asked: [String: Int] = [:]
    private var confirmed: Set<String> = []
    private let heartbeat = LoopTimer()
    /// The handler for published messages, with channel and payload.
    var received: (String, Bytes) -> Void = { _, _ in }
    /// The handler for the start and the end of a subscription.
    var changed: (String, _ isSubscribed: Bool) -> Void = { _, _ in }
    /// The handler for a change of ``isPatternConfirmed``.
    var patternChanged: () -> Void = {}

    /// The maximum number of names in one command.
    private static let batch = 500

    init(_ shard: RedisShard, role: String, client: RedisClientSettings) {
        loop = client.loop
        timeLimits = client.limits
        var began: (RedisConnection) -> Void = { _ in }
        link = shard.link(for: role) { began($0) }
        began = { [unowned self] connection in begin(connection) }
        link.lost = { [unowned self, lost = link.lost] reason in
            end()
            lost(reason)
        }
        heartbeat.action = { [unowned self] in beat() }
    }

    // MARK: Subscribing

    /// Subscribes to all channels that match `pattern`. Only the first call has an effect.
    func follow(pattern: String) {
        guard self.pattern == nil else { return }
        self.pattern = pattern
        link.start()
        send("PSUBSCRIBE", [pattern])
    }

    /// Subscribes to `channel`. `pending` is finished when the server has confirmed it.
    func subscribe(_ channel: String, _ pending: PendingReply<Void>? = nil) {
        if confirmed.contains(channel) {
            pending?.succeed()
            return
        }
        if pending?.isOpen == false { return }
        let isNew = wanted[channel] == nil
        wanted[channel, default: []] += pending.map { [$0] } ?? []
        guard isNew else { return }
        link.start()
        send("SUBSCRIBE", [channel])
    }

    /// Returns the failure of a call if the servers of `subscribers` did not confirm a subscription in time.
    static func unconfirmed(_ subscribers: [Subscriber]) -> RedisFailure {
        let reasons = subscribers.map(\.link.lastReason).joined(separator: " ")
        return .unavailable("Redis did not confirm a subscription in time. \(reasons)")
    }

    func isSubscribed(_ channel: String) -> Bool { confirmed.contains(channel) }

    func unsubscribe(_ channel: String) {
        guard let pendingReplies = wanted.removeValue(forKey: channel) else { return }
        for pending in pendingReplies { pending.succeed() }
        if confirmed.remove(channel) != nil { changed(channel, false) }
        send("UNSUBSCRIBE", [channel])
    }

    /// Stops reading until ``resume()``. New messages wait in the kernel, and then in Redis, which has a limit for
    /// them.
    func pause() {
        isPaused = true
        connection?.pauseReading()
    }

    func resume() {
        isPaused = false
        connection?.resumeReading()
    }

    // MARK: The connection

    private func begin(_ connection: RedisConnection) {
        self.connection = connection
        connection.hasPushesAsReplies = !connection.knowsPushes
        if isPaused { connection.pauseReading() }
        connection.pushed = { [unowned self] values in take(values) }
        if let pattern { send("PSUBSCRIBE", [pattern]) }
        let channels = Array(wanted.keys)
        for start in stride(from: 0, to: channels.count, by: Self.batch) {
            send("SUBSCRIBE", Array(channels[start..<min(start + Self.batch, channels.count)]))
        }
        loop.arm(heartbeat, after: timeLimits.read)
    }

    private func send(_ command: String, _ names: [String]) {
        guard let connection else { return }
        connection.send(unanswered: RedisCommand(command, names.map(RedisArgument.string)))
        if command == "SUBSCRIBE" { for name in names { asked[name, default: 0] += 1 } }
    }

    private func end() {
        connection = nil
        loop.disarm(heartbeat)
        let wasPatternConfirmed = isPatternConfirmed
        isPatternConfirmed = false
        let subscribed = confirmed
        confirmed = []
        asked = [:]
        for channel in subscribed { changed(channel, false) }
        if wasPatternConfirmed { patternChanged() }
    }

    /// Sends a `PING`. Without it, a subscriber sends nothing and would not notice a lost server.
    private func beat() {
        guard let connection else { return }
        connection.send(RedisCommand("PING"), by: loop.now.advanced(by: timeLimits.command)) { _ in }
        loop.arm(heartbeat, after: timeLimits.read)
    }

    private func take(_ values: [RedisValue]) {
        switch values.first?.string {
        case "message":
            guard values.count == 3, let channel = values[1].string, let payload = values[2].bytes else { return }
            received(channel, payload)
        case "pmessage":
            guard values.count == 4, let channel = values[2].string, let payload = values[3].bytes else { return }
            received(channel, payload)
        case "subscribe":
            guard values.count == 3, let channel = values[1].string else { return }
            confirm(channel)
        case "psubscribe":
            isPatternConfirmed = true
            patternChanged()
        default: break
        }
    }

    private func confirm(_ channel: String) {
        guard let count = asked[channel] else { return }
        asked[channel] = count > 1 ? count - 1 : nil
        // The channel was unsubscribed meanwhile, and possibly subscribed again.
        guard count == 1, let pendingReplies = wanted[channel] else { return }
        wanted[channel] = []
        confirmed.insert(channel)
        changed(channel, true)
        for pending in pendingReplies { pending.succeed() }
    }

    /// The failure of a subscription that was not confirmed before the layer was closed.
    static let wasClosed = RedisFailure.unavailable("The channel layer was closed.")

    func close() {
        loop.disarm(heartbeat)
        link.close()
        received = { _, _ in }
        changed = { _, _ in }
        patternChanged = {}
        for pending in wanted.values.joined() { pending.fail(Self.wasClosed) }
        wanted = [:]
    }
}
