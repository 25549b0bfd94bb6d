/// The isolation of the objects of one event loop: an actor whose executor is the loop.
///
/// Consumers, drivers and connections are plain, non-`Sendable` classes. A task that uses them takes this actor as its
/// `isolated` parameter, and the compiler then keeps them on the loop.
@safe public actor LoopIsolation {
    /// The loop as an executor. It is stored because it is read for every message.
    ///
    /// SAFETY: the loop sets it once, before other code can have a reference to this actor. It is an unowned reference
    /// to the loop, which owns this actor. Code that runs on the loop's thread keeps the loop alive.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        guard let executor = unsafe executor else { preconditionFailure("A loop attaches itself when created.") }
        return unsafe executor
    }
    private nonisolated(unsafe) var executor: UnownedSerialExecutor?

    /// The loop.
    ///
    /// SAFETY: as for ``unownedExecutor``.
    package nonisolated var loop: EventLoop {
        guard let owner = unsafe owner else { preconditionFailure("A loop attaches itself when created.") }
        return owner
    }
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

/// A waiting point for one task of an event loop. A wake-up costs one entry in the loop's list of ready jobs.
///
/// A continuation would be slower: the runtime resumes it on the global pool, and the task then hops back to the loop.
/// That involves two threads. Instead, the waiting task hops to an executor that runs nothing (``ParkingExecutor``).
/// That executor receives the rest of the task as a job. The waiter keeps the job and runs it on the loop at the
/// wake-up.
///
/// Loop-bound. One task at a time can wait.
package final class LoopWaiter {
    private let loop: EventLoop
    private let parking: ParkingExecutor
    private let lot: ParkingLot
    private var job: UnownedJob?
    private var result = false

    package init(loop: EventLoop) {
        self.loop = loop
        parking = loop.parking
        lot = loop.parking.lot
    }

    /// Whether a task waits here.
    package var isWaiting: Bool { job != nil }

    /// Waits for ``wake(_:)`` and returns its argument.
    package func wait() async -> Bool {
        precondition(job == nil, "A task waits here already.")
        parking.expect(self)
        let name = loop.jobName
        loop.waits &+= 1
        await lot.park()
        loop.waits &-= 1
        if let name { loop.jobName = name }
        return result
    }

    /// Waits as ``wait()`` does, but returns false as soon as the task is cancelled. A late cancellation may end the
    /// next wait early, so check the awaited condition again.
    package func waitUnlessCancelled(_ isolation: isolated LoopIsolation) async -> Bool {
        // SAFETY: the waiter is used only on its loop; a cancellation from another thread is sent there.
        nonisolated(unsafe) let waiter = self
        let loop = loop
        // Without the `isolation` argument, the operation would run on the global pool and then return to the loop.
        return await withTaskCancellationHandler {
            unsafe await waiter.waitOnce(isolation)
        } onCancel: {
            if loop.isOnLoop { unsafe waiter.wake(false) } else { loop.execute { unsafe waiter.wake(false) } }
        }
    }

    private func waitOnce(_ isolation: isolated LoopIsolation) async -> Bool {
        Task.isCancelled ? false : await wait()
    }

    /// Wakes the waiting task in this turn of the loop. It has no effect if no task waits.
    package func wake(_ result: Bool = true) {
        guard let job else { return }
        self.job = nil
        self.result = result
        loop.makeReady(job)
    }

    fileprivate func keep(_ job: UnownedJob) {
        self.job = job
    }
}

/// An executor that runs nothing. It passes each job that it receives to the waiter that announced itself last.
///
/// SAFETY: `@unchecked Sendable` is sound because the executor is used only on its loop. Tasks reach it only from the
/// loop, in ``LoopWaiter/wait()``.
@safe final class ParkingExecutor: SerialExecutor, @unchecked Sendable {
    let lot = ParkingLot()
    // SAFETY: the waiter that announced itself stays in its own method until its task has arrived here.
    private var next: Unmanaged<LoopWaiter>?

    init() {
        lot.attach(self)
    }

    func expect(_ waiter: LoopWaiter) {
        unsafe next = Unmanaged.passUnretained(waiter)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        guard let waiter = unsafe next else { preconditionFailure("Only a waiter parks tasks.") }
        unsafe next = nil
        let job = UnownedJob(job)
        unsafe waiter._withUnsafeGuaranteedRef { $0.keep(job) }
    }
}

/// The actor that waiting tasks are isolated to.
@safe actor ParkingLot {
    // SAFETY: set before other code has a reference to the actor. The executor owns the actor, and its loop keeps the
    // executor alive.
    private nonisolated(unsafe) var executor: UnownedSerialExecutor?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        guard let executor = unsafe executor else { preconditionFailure("An executor attaches itself when created.") }
        return unsafe executor
    }

    nonisolated func attach(_ executor: ParkingExecutor) {
        unsafe self.executor = executor.asUnownedSerialExecutor()
    }

    /// The number of waits that ended. It exists only to be written: the compiler omits a hop to an actor whose state
    /// is not used.
    private var ended = 0

    @inline(never)
    func park() {
        ended &+= 1
    }
}
