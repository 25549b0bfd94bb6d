package import StraitCore
internal import Synchronization

/// The watch of a group that consumers in this process follow. It keeps the ``PresenceView`` and publishes its updates
/// to a hidden group, so that followers get them in order with all other events.
///
/// Snapshot reads and timers run on the event loop of one of the followers.
package final class PresenceWatch: Sendable {
    package let group: String
    private let table: PresenceTable
    private let state: Mutex<State>

    private struct State {
        var view: PresenceView
        /// The event loops of current and waiting followers.
        var loops: [(loop: EventLoop, users: Int)] = []
        /// The calls that wait for the first snapshot.
        var waiting: [Waiting] = []
        /// The error of the latest failure; nil after a new attempt.
        var failure: (any Error)?
        /// The loop whose timer will call ``PresenceWatch/tick(_:)``.
        var ticking: EventLoop?
        /// The loop that is reading a snapshot.
        var reading: EventLoop?

        mutating func takeWaiting() -> [Waiting] {
            defer { waiting = [] }
            return waiting
        }
    }

    package typealias Waiting = @Sendable ((any Error)?) -> Void

    init(_ group: String, exactUpTo limit: Int, in table: PresenceTable) {
        self.group = group
        self.table = table
        state = Mutex(State(view: PresenceView(limit: limit)))
    }

    /// Returns the name of the hidden group of a group's followers. Names of user groups cannot contain its colon.
    package static func hidden(_ group: String) -> String { "presence:" + group }

    // MARK: Followers

    /// Whether the members are known.
    package var isKnown: Bool { state.withLock { $0.view.isKnown } }

    /// Calls `call` when the members are known, or with an error if they cannot be read now. The call may come from any
    /// thread.
    package func whenKnown(_ call: @escaping Waiting) {
        let (isKnown, failure) = state.withLock { state in
            if !state.view.isKnown, state.failure == nil { state.waiting.append(call) }
            return (state.view.isKnown, state.failure)
        }
        if isKnown { call(nil) } else if let failure { call(failure) }
    }

    /// Adds `member` as a follower, and returns its subscription and the first event for it. The members must be known.
    /// Call it on the loop.
    package func join(
        _ member: any GroupMember, on loop: EventLoop, mode: DeliveryMode
    ) -> (following: PresenceSubscription, first: LayerEvent) {
        // SAFETY: both stay within this call, which runs on the loop. The lock is held, so no update is published in
        // between.
        nonisolated(unsafe) let (member, mode) = (member, mode)
        nonisolated(unsafe) var membership: Membership?
        let first = state.withLock { state in
            unsafe membership = table.groups.join(Self.hidden(group), member, on: loop, mode: mode)
            return state.view.introduce()
        }
        guard let membership = unsafe membership else { preconditionFailure("withLock did not run its closure.") }
        return (PresenceSubscription(self, membership, loop: loop), table.event(first))
    }

    /// Ends one current or waiting follower's use of the watch.
    package func release(from loop: EventLoop) { table.release(self, from: loop) }

    /// Counts one more follower on `loop`. Called by ``PresenceTable``.
    func add(_ loop: EventLoop) {
        state.withLock { state in
            if let index = state.loops.firstIndex(where: { $0.loop === loop }) {
                state.loops[index].users += 1
            } else {
                state.loops.append((loop, 1))
            }
        }
    }

    /// Counts one follower less on `loop`, and returns whether none is left. Called by ``PresenceTable``.
    func remove(_ loop: EventLoop) -> Bool {
        state.withLock { state in
            guard let index = state.loops.firstIndex(where: { $0.loop === loop }) else { return state.loops.isEmpty }
            state.loops[index].users -= 1
            guard state.loops[index].users == 0 else { return false }
            state.loops.remove(at: index)
            // The loop may end after its last follower, so its timer and its read are moved to another loop.
            if state.ticking === loop {
                state.ticking = nil
                tickLater(&state)
            }
            if state.reading === loop {
                state.reading = nil
                if state.view.abandon().wantsTick { tickLater(&state) }
            }
            return state.loops.isEmpty
        }
    }

    // MARK: From the store

    func receive(_ news: PresenceWatch.Event) {
        switch news {
        case .began: perform { $0.began() }
        case .changed(let delta): perform { $0.apply(delta) }
        case .failed(let error): fail(error)
        }
    }

    private func fail(_ error: any Error) {
        let waiting = state.withLock { state in
            state.failure = error
            return state.takeWaiting()
        }
        for call in waiting { call(error) }
    }

    private func perform(_ step: (inout PresenceView) -> PresenceView.Outcome) {
        let known = state.withLock { state in
            let outcome = step(&state.view)
            // The lock is held, so that all followers get updates in the same order.
            for update in outcome.updates where !table.publish(update, to: group) {
                if state.view.withhold().wantsTick { tickLater(&state) }
                break
            }
            if let number = outcome.read { read(number, &state) }
            if outcome.wantsTick { tickLater(&state) }
            return state.view.isKnown ? state.takeWaiting() : []
        }
        for call in known { call(nil) }
    }

    // MARK: On a loop

    private func read(_ number: Int, _ state: inout State) {
        let limit = state.view.limit
        for (loop, _) in state.loops {
            let isAccepted = loop.executeUnlessEnded {
                _ = loop.isolation.startTask { _ in await self.read(number, exactUpTo: limit) }
            }
            if isAccepted {
                state.reading = loop
                state.failure = nil
                return
            }
        }
    }

    private nonisolated(nonsending) func read(_ number: Int, exactUpTo limit: Int) async {
        do {
            let snapshot = try await table.snapshot(of: group, exactUpTo: limit)
            perform { $0.apply(snapshot, read: number) }
        } catch {
            perform { $0.failed(read: number) }
            fail(error)
        }
    }

    /// Schedules a call of ``tick(_:)`` in a second, unless one is scheduled already.
    private func tickLater(_ state: inout State) {
        guard state.ticking == nil else { return }
        for (loop, _) in state.loops {
            let isAccepted = loop.executeUnlessEnded {
                loop.arm(LoopTimer { self.tick(loop) }, after: PresenceTable.interval)
            }
            if isAccepted {
                state.ticking = loop
                return
            }
        }
    }

    private func tick(_ loop: EventLoop) {
        let isOurs = state.withLock { state in
            guard state.ticking === loop else { return false }
            state.ticking = nil
            return true
        }
        if isOurs { perform { $0.tick() } }
    }
}

extension PresenceWatch {
    /// A notification from a store to the watch of a group.
    package enum Event: Sendable {
        /// The watch is established, and every later change will be reported. Sent again after each reconnection. The
        /// receiver reads a snapshot to learn of earlier changes.
        case began
        /// The group changed.
        case changed(PresenceDelta)
        /// The watch could not be established yet, so callers that wait for it should fail. The store keeps retrying.
        case failed(any Error)
    }
}
