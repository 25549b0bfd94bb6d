import StraitCore
import Synchronization

/// The channel of a socket in this process. Messages go directly to the socket's session.
///
/// SAFETY: `@unchecked Sendable` is sound because `member` is accessed only on the loop. Everything else is constant or
/// atomic.
@safe package final class LocalChannel: @unchecked Sendable {
    package let name: String
    // SAFETY: a session closes its channel before it is released. A weak reference would slow down all of the session's
    // reference counting.
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

    /// Sends `event`, unless `capacity` messages are queued already. Returns whether it was sent.
    ///
    /// - Parameter groups: Groups that the event was already published to in this process. A socket in one of them is
    ///   skipped.
    package func send(_ event: LayerEvent, capacity: Int, unlessIn groups: [String] = []) -> Bool {
        let mayWait = waiting.wrappingAdd(1, ordering: .relaxed).newValue <= capacity
        if mayWait, inbox.append(.channel(self, event, unlessIn: groups)) { return true }
        handled()
        return false
    }

    /// Notes that a message was handled or dropped and is no longer queued.
    package func handled() { waiting.wrappingSubtract(1, ordering: .relaxed) }

    func deliver(_ event: LayerEvent, unlessIn groups: [String]) {
        guard let member = unsafe member else { return handled() }
        if groups.contains(where: { member.isMember(of: $0, by: self) }) { return handled() }
        member.deliver(event, to: self)
    }

    /// Adds the channel's socket to `group`. It is a member when this returns.
    package func join(_ group: String) async {
        if inbox.loop.isOnLoop {
            unsafe member?.join(group, by: self)
        } else {
            await inbox.loop.perform { unsafe self.member?.join(group, by: self) }
        }
    }

    /// Removes the channel's socket from `group`. No event of the group is dispatched to it after this returns.
    package func leave(_ group: String) async {
        if inbox.loop.isOnLoop {
            unsafe member?.leave(group, by: self)
        } else {
            await inbox.loop.perform { unsafe self.member?.leave(group, by: self) }
        }
    }

    /// Stops delivery to the channel's socket. Call it once, on the loop.
    package func close() {
        unsafe member = nil
        table.remove(self)
    }
}
