/// The isolation of the objects of one event loop: an actor whose executor is the loop.
///
/// Consumers, drivers and connections are plain, non-`Sendable` classes. A task that uses them takes this actor as its
/// `isolated` parameter, and the compiler then keeps them on the loop.
@safe public actor LoopIsolation {
    /// The loop as an executor. It is stored because it is read for every message.
    ///
    /// SAFETY: the loop sets it once, before other code can have a reference to this actor. It is an unowned reference
    /// to the loop, which owns this actor. Code that runs on the loop's thread keeps the loop alive.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor! }
    private nonisolated(unsafe) var executor: UnownedSerialExecutor?

    /// The loop.
    ///
    /// SAFETY: as for ``unownedExecutor``.
    package nonisolated var loop: EventLoop { unsafe owner! }
    /// The reference is unowned because a weak one would move the loop's reference count to a side table. Every use of
    /// the loop would then be slower.
    private nonisolated(unsafe) unowned var owner: EventLoop?

    init() {}

    nonisolated func attach(_ loop: EventLoop) {
        unsafe executor = loop.asUnownedSerialExecutor()
        unsafe owner = loop
    }

    /// Starts a task that is isolated to this loop from its first instruction. Call it on the loop.
    ///
    /// No executor preference is set. With one, every return from an asynchronous call takes a lock to look it up,
    /// which costs a tenth of a microsecond. The isolation alone already returns the task to the loop.
    package nonisolated func startTask(
        _ work: @escaping @Sendable (isolated LoopIsolation) async -> Void
    ) -> Task<Void, Never> {
        loop.tasks &+= 1
        return assumeIsolated { isolation in
            Task {
                // Naming the isolation makes the task start in it.
                await work(isolation)
                isolation.loop.tasks &-= 1
            }
        }
    }
}
