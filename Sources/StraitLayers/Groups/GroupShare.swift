import StraitNetwork

/// The members of one group on one event loop. Loop-bound but for its constants.
///
/// `@unchecked Sendable` is sound because `members` is touched on the loop alone.
final class GroupShare: @unchecked Sendable {
    let loop: EventLoop
    private var members: [Membership] = []
    private var isDelivering = false
    private var hasEnded = false

    init(loop: EventLoop) {
        self.loop = loop
    }

    func add(_ membership: Membership) {
        loop.assertOnLoop()
        members.append(membership)
    }

    func remove(_ membership: Membership) {
        loop.assertOnLoop()
        membership.end()
        if isDelivering {
            hasEnded = true
        } else if let index = members.firstIndex(where: { $0 === membership }) {
            // Order among members is nobody's promise.
            members.swapAt(index, members.count - 1)
            members.removeLast()
        }
    }

    /// Hands `event`, the group's `number`-th, to all that were members when it was published.
    func deliver(_ event: LayerEvent, number: UInt64) {
        loop.assertOnLoop()
        isDelivering = true
        // Members that join meanwhile come too late for it.
        for index in 0..<members.count {
            let membership = members[index]
            if membership.isOver || membership.since >= number { continue }
            let member = membership.member
            if let sender = event.sender, sender == ObjectIdentifier(member) { continue }
            member.deliver(event, membership)
        }
        isDelivering = false
        if hasEnded {
            hasEnded = false
            members.removeAll { $0.isOver }
        }
    }
}
