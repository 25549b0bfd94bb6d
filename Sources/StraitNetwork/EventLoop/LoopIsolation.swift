internal import Synchronization

/// The isolation of what lives on one event loop: an actor whose executor is the loop.
///
/// Consumers, drivers and connections are plain, non-`Sendable` classes; a task that drives them takes this actor as its
/// `isolated` parameter, and the compiler then keeps them on the loop.
public actor LoopIsolation {
    // Set once, by the loop, before anyone else can have a reference to this actor. The loop owns this actor, so an
    // unowned reference back is enough; whoever runs on the loop's thread keeps the loop alive.
    private nonisolated(unsafe) unowned var loop: EventLoop!

    init() {}

    nonisolated func attach(_ loop: EventLoop) {
        unsafe self.loop = loop
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }
}
