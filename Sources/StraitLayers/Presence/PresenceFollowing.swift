import StraitNetwork

/// A consumer's subscription to a group's presence. Confined to its event loop.
package final class PresenceFollowing {
    package let watch: PresenceWatch
    package let membership: Membership
    private let loop: EventLoop
    private var isOver = false

    init(_ watch: PresenceWatch, _ membership: Membership, loop: EventLoop) {
        self.watch = watch
        self.membership = membership
        self.loop = loop
    }

    /// Ends the subscription: no more changes are delivered.
    package func end() {
        guard !isOver else { return }
        isOver = true
        membership.leave()
        watch.release(from: loop)
    }
}
