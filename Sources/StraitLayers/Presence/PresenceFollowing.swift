import StraitNetwork

/// That a consumer follows who is in a group. Loop-bound.
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

    /// Ends it: nothing more is delivered for it.
    package func end() {
        guard !isOver else { return }
        isOver = true
        membership.leave()
        watch.release(from: loop)
    }
}
