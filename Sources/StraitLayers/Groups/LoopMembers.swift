import StraitCore

/// The members of one group on one event loop. Loop-bound, except for its constants.
///
/// SAFETY: `@unchecked Sendable` is sound because the mutable properties are accessed only on the loop.
final class LoopMembers: @unchecked Sendable {
    let inbox: LayerInbox
    private var members: [Membership] = []
    private var isDelivering = false
    private var hasEnded = false

    init(inbox: LayerInbox) {
        self.inbox = inbox
    }

    var loop: EventLoop { inbox.loop }

    func add(_ membership: Membership) {
        loop.assertOnLoop()
        membership.index = members.count
        members.append(membership)
    }

    /// Removes a membership that has ended.
    func remove(_ membership: Membership) {
        loop.assertOnLoop()
        if isDelivering {
            hasEnded = true
        } else {
            // Members have no guaranteed order, so the last one can fill the gap.
            let last = members.removeLast()
            if last === membership { return }
            last.index = membership.index
            members[last.index] = last
        }
    }

    /// Delivers `batch` to all members, without the events that were published before a member joined.
    func deliver(_ batch: EventBatch) {
        loop.assertOnLoop()
        isDelivering = true
        // Members that join during delivery are not reached: they joined after these events were published.
        for index in 0..<members.count {
            let membership = members[index]
            if membership.hasEnded { continue }
            if membership.since < batch.first, !batch.hasSender {
                unsafe membership.member.deliver(batch, membership)
            } else {
                deliverEach(batch, membership)
            }
        }
        isDelivering = false
        if hasEnded {
            hasEnded = false
            members.removeAll { $0.hasEnded }
            for (index, membership) in members.enumerated() { membership.index = index }
        }
    }

    /// Delivers only the events that this member should receive.
    private func deliverEach(_ batch: EventBatch, _ membership: Membership) {
        if membership.since >= batch.last { return }
        let member = unsafe membership.member
        let identity = ObjectIdentifier(member)
        for single in batch.each where single.first > membership.since && single.events[0].sender != identity {
            if membership.hasEnded { return }
            member.deliver(single, membership)
        }
    }
}
