public import StraitCore
public import StraitLayers

/// A clock that stands still until a test moves it, with event loops that use its time.
///
/// Communicators and in-memory servers with this clock run on its loops. Only ``advance(by:)`` ends a consumer's
/// `clock.sleep(for:)` and the server's timeouts. An hour passes in a moment, and results do not depend on the
/// machine's speed.
///
/// ```swift
/// let clock = ManualClock()
/// let communicator = WebSocketCommunicator(Reminder(), "/ws/", clock: clock)
/// #expect(try await communicator.connect().isAccepted)
/// #expect(try await communicator.receiveNothing())          // takes no time
/// await clock.advance(by: .seconds(3600))
/// #expect(try await communicator.receiveText() == "An hour has passed.")
/// ```
///
/// While the clock is stopped, a communicator can detect that no more output can arrive. This is the case if all tasks
/// on the application's loops are waiting, since no timer can fire. The wait then ends at once. If a handler awaits
/// work elsewhere, such as another actor, the communicator waits for it in real time. A `Task { }` that the application
/// starts itself is not tracked. Test such an application without a manual clock.
public final class ManualClock: Sendable {
    /// The maximum real time that ``advance(by:)`` waits for handlers' work outside the loops before it moves the
    /// clock.
    static let patience = Duration.seconds(1)

    package let time: ManualTime
    package let group: EventLoopGroup

    /// Creates a clock at zero, with its own event loops.
    ///
    /// - Parameters:
    ///   - loops: The number of event loops. Communicators use only the first, and servers use all of them.
    ///   - epoch: The time of day at the start, for logs and `Date` headers, in seconds since 1970.
    public init(loops: Int = 1, epoch: Int64 = 1_700_000_000) {
        time = ManualTime(epoch: epoch)
        group = EventLoopGroup(count: loops, time: time)
    }

    deinit {
        // Objects that are released together with the clock are notified before its loops stop.
        for loop in group.loops {
            loop.executeUnlessEnded { loop.whenIdle { loop.stop() } }
        }
    }

    /// The current time; the `now` of consumers' `clock`.
    public var now: Instant { time.now }

    /// Moves the clock by `duration`, stopping at each deadline on the way. It returns when the loops have completed
    /// all resulting work.
    public func advance(by duration: Duration) async {
        _ = await settles(within: Self.patience)
        await group.advance(time, by: duration)
    }

    /// Waits until the loops have no more work before the clock moves. It does not wait for work on other threads.
    public func idle() async {
        await group.idle()
    }

    /// Waits, up to `limit` of real time, until nothing more can happen before the clock moves. Returns whether this
    /// state was reached.
    func settles(within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            if await isSettled(within: max(left, .zero)) { return true }
            if left <= .zero { return false }
            // Work outside the loops does not report its end, so check again later.
            try? await Task.sleep(for: min(left, .milliseconds(1)))
            if Task.isCancelled { return false }
        }
    }

    /// Returns whether nothing more can happen before the clock moves. Returns false if the loops are still busy after
    /// `limit`.
    func isSettled(within limit: Duration) async -> Bool {
        let answer = Outbox<Bool>()
        let asking = Task { [group] in answer.put(await group.idle()) }
        await answer.wait(for: limit)
        asking.cancel()
        return answer.take() ?? false
    }
}

extension InMemoryChannelLayer {
    /// Creates a layer whose messages and group memberships expire by `clock`.
    public convenience init(
        capacity: ChannelCapacity = ChannelCapacity(), expiry: Duration = .seconds(60),
        groupExpiry: Duration = .seconds(86400), clock: ManualClock
    ) {
        self.init(capacity: capacity, expiry: expiry, groupExpiry: groupExpiry, time: clock.time)
    }
}
