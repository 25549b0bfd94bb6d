import StraitNetwork

/// The members of one group on one event loop. Loop-bound but for its constants.
///
/// `@unchecked Sendable` is sound because `members` is touched on the loop alone.
final class GroupShare: @unchecked Sendable {
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

    /// To be called when `membership` has ended.
    func remove(_ membership: Membership) {
        loop.assertOnLoop()
        if isDelivering {
            hasEnded = true
        } else {
            // Order among members is nobody's promise.
            let last = members.removeLast()
            if last === membership { return }
            last.index = membership.index
            members[last.index] = last
        }
    }

    /// Hands the events of `batch` to all that were members when they were published.
    func deliver(_ batch: EventBatch) {
        loop.assertOnLoop()
        isDelivering = true
        // Members that join meanwhile come too late for it.
        for index in 0..<members.count {
            let membership = members[index]
            if membership.isOver { continue }
            if membership.since < batch.first, !batch.hasSender {
                unsafe membership.member.deliver(batch, membership)
            } else {
                deliverEach(batch, membership)
            }
        }
        isDelivering = false
        if hasEnded {
            hasEnded = false
            members.removeAll { $0.isOver }
            for (index, membership) in members.enumerated() { membership.index = index }
        }
    }

    /// Hands over those events that are for this member.
    private func deliverEach(_ batch: EventBatch, _ membership: Membership) {
        if membership.since >= batch.last { return }
        let member = unsafe membership.member
        let identity = ObjectIdentifier(member)
        for single in batch.each where single.first > membership.since && single.events[0].sender != identity {
            if membership.isOver { return }
            member.deliver(single, membership)
        }
    }
}
