public import StraitNetwork

/// A clock that stands still until a test moves it, with the event loops whose time it is.
///
/// What is given this clock, communicators and in-memory servers alike, lives on its loops: `clock.sleep(for:)` in a
/// consumer and every time limit of the server come to their end by ``advance(by:)`` alone, so that an hour passes in a
/// moment and nothing depends on how fast the machine is.
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
/// While it stands, a communicator can tell that nothing more will come: each task that the application's loops started
/// waits there, and no timer can fire. Then a wait ends at once. A handler that awaits something elsewhere, another
/// actor for instance, is waited for in real time. A `Task { }` that the application started by itself is not seen: test
/// such an application without a manual clock.
public final class ManualClock: Sendable {
    /// How long in real time ``advance(by:)`` waits for handlers that are at work off their loops before it moves the
    /// clock all the same.
    static let patience = Duration.seconds(1)

    package let time: ManualTime
    package let group: EventLoopGroup

    /// Starts at zero, with loops of its own.
    ///
    /// - Parameters:
    ///   - loops: How many event loops share this time. Communicators live on the first; servers use them all.
    ///   - epoch: The time of day at the start, for logs and `Date` fields, in seconds since 1970.
    public init(loops: Int = 1, epoch: Int64 = 1_700_000_000) {
        time = ManualTime(epoch: epoch)
        group = EventLoopGroup(count: loops, time: time)
    }

    deinit {
        // What was dropped together with the clock is told so before its loops end.
        for loop in group.loops {
            loop.executeUnlessEnded { loop.whenIdle { loop.stop() } }
        }
    }

    /// The time that consumers read from their `clock`.
    public var now: Instant { time.now }

    /// Moves the clock by `duration`, stopping at each deadline on the way, and returns when everything that this set
    /// off on the loops has been done.
    public func advance(by duration: Duration) async {
        _ = await settles(within: Self.patience)
        await group.advance(time, by: duration)
    }

    /// Returns once the loops have nothing to do but to wait. Work on other threads is not waited for.
    public func idle() async {
        await group.idle()
    }

    /// Waits, up to `limit` of real time, until nothing more can happen before the clock is moved; whether that is so.
    func settles(within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            if await isSettled(within: max(left, .zero)) { return true }
            if left <= .zero { return false }
            // What is at work elsewhere cannot be asked when it is done.
            try? await Task.sleep(for: min(left, .milliseconds(1)))
            if Task.isCancelled { return false }
        }
    }

    /// Whether nothing more can happen before the clock is moved; false where the loops are still busy after `limit`.
    func isSettled(within limit: Duration) async -> Bool {
        let answer = Outbox<Bool>()
        let asking = Task { [group] in answer.put(await group.idle()) }
        await answer.wait(for: limit)
        asking.cancel()
        return answer.take() ?? false
    }
}
