import StraitCore
import Synchronization

@testable import StraitLayers

/// Many members of a group on one loop, which count the messages that they receive.
///
/// SAFETY: `@unchecked Sendable` is sound because the members are accessed only on the loop.
final class Crowd: @unchecked Sendable {
    /// Loop-bound.
    private final class Member: GroupMember {
        private unowned let crowd: Crowd
        var membership: Membership?

        init(_ crowd: Crowd) { self.crowd = crowd }

        func deliver(_ batch: EventBatch, _ membership: Membership) {
            crowd.count.wrappingAdd(batch.events.count, ordering: .relaxed)
        }
    }

    private let loop = EventLoop()
    private let count = Atomic<Int>(0)
    private var members: [Member] = []

    /// Creates `count` members of `group`. All have joined when this returns.
    init(of count: Int, in group: String, _ layer: any LocalDeliveryLayer) async {
        loop.start()
        await loop.perform { [self] in
            for _ in 0..<count {
                let member = Member(self)
                member.membership = layer.groups.join(group, member, on: loop)
                members.append(member)
            }
        }
    }

    deinit { loop.stop() }

    /// The number of messages that all members have received in total.
    var heard: Int { count.load(ordering: .relaxed) }

    /// Removes all members from the group.
    func leave() async {
        await loop.perform { [self] in
            for member in members { member.membership?.leave() }
            members = []
        }
    }
}
