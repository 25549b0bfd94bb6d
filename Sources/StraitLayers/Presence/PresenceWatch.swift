package import StraitNetwork
internal import Synchronization

/// A group that somebody in this process follows: keeps its ``PresenceView``, and hands what that says to the members
/// of a hidden group, so that it comes to them in one order with everything else.
///
/// What has to wait for something, a snapshot or the next second, does so on the loop of one of those who follow.
package final class PresenceWatch: Sendable {
    package let group: String
    private let table: PresenceTable
    private let state: Mutex<State>

    private struct State {
        var view: PresenceView
        /// Where those are that follow, or wait to.
        var loops: [(loop: EventLoop, users: Int)] = []
        /// Those who wait until it is known who is there.
        var waiting: [Waiting] = []
        /// Why it cannot be known, as long as nothing is done about it.
        var failure: (any Error)?
        /// The loop whose timer is going to call ``PresenceWatch/tick(_:)``.
        var ticking: EventLoop?
        /// The loop that reads a snapshot.
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

    /// The group of the members that follow, of which no user's can have the name: theirs hold no colon.
    package static func hidden(_ group: String) -> String { "presence:" + group }

    // MARK: Who follows

    /// Whether it is known who is there.
    package var isKnown: Bool { state.withLock { $0.view.isKnown } }

    /// Calls `call`, from whatever thread, once it is known who is there, or with why that cannot be known now.
    package func whenKnown(_ call: @escaping Waiting) {
        let (isKnown, failure) = state.withLock { state in
            if !state.view.isKnown, state.failure == nil { state.waiting.append(call) }
            return (state.view.isKnown, state.failure)
        }
        if isKnown { call(nil) } else if let failure { call(failure) }
    }

    /// Has `member` on `loop` told of everything from here on, and returns what it is to be told first. It is known who
    /// is there by now. To be called on the loop.
    package func join(
        _ member: any GroupMember, on loop: EventLoop, reaction: Reaction
    ) -> (following: PresenceFollowing, first: LayerEvent) {
        // Sound: neither leaves this call, which is the loop's; the lock makes sure that nothing is told in between.
        nonisolated(unsafe) let (member, reaction) = (member, reaction)
        nonisolated(unsafe) var membership: Membership?
        let first = state.withLock { state in
            unsafe membership = table.groups.join(Self.hidden(group), member, on: loop, reaction: reaction)
            return state.view.introduce()
        }
        guard let membership = unsafe membership else { preconditionFailure("The lock runs what it is given.") }
        return (PresenceFollowing(self, membership, loop: loop), table.event(first))
    }

    /// One who followed from `loop`, or waited to, does no more.
    package func release(from loop: EventLoop) { table.release(self, from: loop) }

    /// For ``PresenceTable``.
    func add(_ loop: EventLoop) {
        state.withLock { state in
            if let index = state.loops.firstIndex(where: { $0.loop === loop }) {
                state.loops[index].users += 1
            } else {
                state.loops.append((loop, 1))
            }
        }
    }

    /// For ``PresenceTable``: whether nobody is left.
    func remove(_ loop: EventLoop) -> Bool {
        state.withLock { state in
            guard let index = state.loops.firstIndex(where: { $0.loop === loop }) else { return state.loops.isEmpty }
            state.loops[index].users -= 1
            guard state.loops[index].users == 0 else { return false }
            state.loops.remove(at: index)
            // Its loop may end with whoever left it.
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

    func receive(_ news: PresenceNews) {
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
            // Told within the lock: that is their one order.
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

    /// Has ``tick(_:)`` called in a second, once however often this is.
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
