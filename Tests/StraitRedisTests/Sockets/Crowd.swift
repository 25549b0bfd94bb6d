import StraitNetwork
import Synchronization

@testable import StraitLayers

/// Many members of a group on one loop, which count what they hear.
///
/// `@unchecked Sendable` is sound because the members are touched on the loop alone.
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

    /// So many members of `group`, which are all in it when this returns.
    init(of count: Int, in group: String, _ layer: any SocketLayer) async {
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

    /// How many messages they have heard, all together.
    var heard: Int { count.load(ordering: .relaxed) }

    /// Everybody leaves.
    func leave() async {
        await loop.perform { [self] in
            for member in members { member.membership?.leave() }
            members = []
        }
    }
}
