/// The isolation of what lives on one event loop: an actor whose executor is the loop.
///
/// Consumers, drivers and connections are plain, non-`Sendable` classes; a task that drives them takes this actor as its
/// `isolated` parameter, and the compiler then keeps them on the loop.
@safe public actor LoopIsolation {
    /// The loop. Read on the way of every message, so it is stored rather than asked for.
    ///
    /// Sound: set once, by the loop, before anyone else can have a reference to this actor. It is an unowned reference
    /// to the loop, which owns this actor; whoever runs on the loop's thread keeps the loop alive.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor! }
    private nonisolated(unsafe) var executor: UnownedSerialExecutor?

    /// The loop itself; sound for the same reason.
    package nonisolated var loop: EventLoop { unsafe owner! }
    ///
    /// Unowned and not weak: a weak reference would move the loop's reference count to the side, where every use of the
    /// loop counts more slowly.
    private nonisolated(unsafe) unowned var owner: EventLoop?

    init() {}

    nonisolated func attach(_ loop: EventLoop) {
        unsafe executor = loop.asUnownedSerialExecutor()
        unsafe owner = loop
    }

    /// Starts a task that is isolated to this loop from its first instruction on. To be called on the loop.
    ///
    /// No executor preference is set: with one, every return from an asynchronous call takes a lock to look it up
    /// (a tenth of a microsecond), and the isolation alone brings the task back here.
    package nonisolated func startTask(
        _ work: @escaping @Sendable (isolated LoopIsolation) async -> Void
    ) -> Task<Void, Never> {
        loop.tasks &+= 1
        return assumeIsolated { isolation in
            Task {
                // Naming the isolation is what makes the task begin in it.
                await work(isolation)
                isolation.loop.tasks &-= 1
            }
        }
    }
}
