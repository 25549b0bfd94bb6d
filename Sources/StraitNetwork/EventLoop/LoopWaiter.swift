/// Lets a task of a loop wait, and wakes it on that loop, at the price of one entry in the loop's list of ready jobs.
///
/// A continuation would not do: the runtime resumes it on the global pool, from where it hops back to the loop, which
/// costs two threads' attention. Here the task hops to an executor that runs nothing (``ParkingExecutor``): what that is
/// given to run is the rest of the waiting task, which is kept and run on the loop when it is woken.
///
/// Loop-bound. One task at a time waits.
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

    /// Waits for ``wake(_:)``, and returns what that was given.
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

    /// Waits as ``wait()`` does, and returns false as soon as the task is cancelled. A cancellation that comes late may
    /// end the next wait here early, so ask anew for what is waited for.
    package func waitUnlessCancelled(_ isolation: isolated LoopIsolation) async -> Bool {
        // Sound: the waiter is followed on its loop alone; a cancellation goes there from wherever it comes.
        nonisolated(unsafe) let waiter = self
        let loop = loop
        // The operation names the isolation, or it would run on the global pool and come back.
        return await withTaskCancellationHandler {
            unsafe await waiter.waitOnce(isolation)
        } onCancel: {
            if loop.isOnLoop { unsafe waiter.wake(false) } else { loop.execute { unsafe waiter.wake(false) } }
        }
    }

    private func waitOnce(_ isolation: isolated LoopIsolation) async -> Bool {
        Task.isCancelled ? false : await wait()
    }

    /// Wakes the task that waits, in this turn of the loop. Without one it has no effect.
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

/// An executor that runs nothing: it hands what it is to run to the waiter that is next.
///
/// `@unchecked Sendable` is sound because it is used on its loop alone: a task gets here from there, in
/// ``LoopWaiter/wait()``.
@safe final class ParkingExecutor: SerialExecutor, @unchecked Sendable {
    let lot = ParkingLot()
    // Sound: the waiter that announced itself is within its own method until its task has arrived here.
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

/// The actor that waiting tasks are with.
@safe actor ParkingLot {
    // Sound: set before anyone else knows the lot; the executor, which its loop keeps, owns the lot.
    private nonisolated(unsafe) var executor: UnownedSerialExecutor?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor! }

    nonisolated func attach(_ executor: ParkingExecutor) {
        unsafe self.executor = executor.asUnownedSerialExecutor()
    }

    /// How many waits ended. It is here to be written: the compiler leaves out a hop to an actor that nothing is done with.
    private var ended = 0

    @inline(never)
    func park() {
        ended &+= 1
    }
}
