import StraitNetwork
import Synchronization

/// The channel of a socket in this process. Messages to it go straight to the socket's session.
///
/// `@unchecked Sendable` is sound because `member` is touched on the loop alone; the rest is constant or atomic.
@safe package final class LocalChannel: @unchecked Sendable {
    package let name: String
    // Sound: a session closes its channel before it ends. A weak reference would have all of the session's references
    // counted more slowly.
    private unowned(unsafe) var member: (any ChannelMember)?
    package let table: GroupTable
    let inbox: LayerInbox
    private let waiting = Atomic<Int>(0)

    init(name: String, member: any ChannelMember, table: GroupTable, inbox: LayerInbox) {
        self.name = name
        unsafe self.member = member
        self.table = table
        self.inbox = inbox
    }

    /// Sends `event`, unless `capacity` messages wait already.
    ///
    /// - Parameter groups: Groups that the event was published to in this process: a socket that is in one of them has
    ///   it.
    package func send(_ event: LayerEvent, capacity: Int, unlessIn groups: [String] = []) -> Bool {
        let mayWait = waiting.wrappingAdd(1, ordering: .relaxed).newValue <= capacity
        if mayWait, inbox.append(.channel(self, event, unlessIn: groups)) { return true }
        handled()
        return false
    }

    /// A message is handled, or dropped, and waits no more.
    package func handled() { waiting.wrappingSubtract(1, ordering: .relaxed) }

    func deliver(_ event: LayerEvent, unlessIn groups: [String]) {
        guard let member = unsafe member else { return handled() }
        if groups.contains(where: { member.isMember(of: $0, by: self) }) { return handled() }
        member.deliver(event, to: self)
    }

    /// Adds the channel's socket to `group`; it is a member when this has returned.
    package func join(_ group: String) async {
        if inbox.loop.isOnLoop {
            unsafe member?.join(group, by: self)
        } else {
            await inbox.loop.perform { unsafe self.member?.join(group, by: self) }
        }
    }

    /// Takes the channel's socket out of `group`; nothing more of the group is dispatched when this has returned.
    package func leave(_ group: String) async {
        if inbox.loop.isOnLoop {
            unsafe member?.leave(group, by: self)
        } else {
            await inbox.loop.perform { unsafe self.member?.leave(group, by: self) }
        }
    }

    /// Takes no more. To be called once, on the loop.
    package func close() {
        unsafe member = nil
        table.remove(self)
    }
}
