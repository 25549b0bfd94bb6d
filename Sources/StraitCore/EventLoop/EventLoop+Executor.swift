internal import CLinux
internal import Glibc
internal import Synchronization

extension EventLoop {
    /// Schedules `job` on the loop. A job that is enqueued from another thread wakes the loop.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnLoop {
            enqueues &+= 1
            unsafe ready.append(job)
        } else {
            wake { $0.jobs.append(job) }
        }
    }

    /// Schedules `job`, the continuation of a task that waited on this loop, for this turn.
    func makeReady(_ job: UnownedJob) {
        assertOnLoop()
        unsafe ready.append(job)
    }

    /// A reference to the loop as an executor, for the Swift runtime.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    /// Stops the program if the caller does not run on the loop.
    public func checkIsolated() {
        precondition(isOnLoop, "This must run on event loop \(index).")
    }

    /// Whether the caller runs on the loop; never nil.
    public func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    /// Whether the caller runs on this loop's thread.
    package var isOnLoop: Bool {
        thread.load(ordering: .relaxed) == UInt(pthread_self())
    }

    /// The loop of the calling thread, or nil if it is not a loop's thread.
    package static var current: EventLoop? {
        // SAFETY: a loop's thread keeps the loop alive while the pointer is set.
        unsafe strait_thread_pointer().map { unsafe Unmanaged<EventLoop>.fromOpaque($0).takeUnretainedValue() }
    }

    package func assertOnLoop() {
        assert(isOnLoop, "This belongs to event loop \(index) and was touched from another thread.")
    }

    // MARK: From other threads

    /// Runs `call` on the loop. Calls from one thread run in order; a call from the loop itself runs in its next turn.
    package func execute(_ call: @escaping @Sendable () -> Void) {
        wake { $0.calls.append(call) }
    }

    /// Runs `call` on the loop as ``execute(_:)`` does. Returns false, without running it, if the loop has ended.
    @discardableResult
    package func executeUnlessEnded(_ call: @escaping @Sendable () -> Void) -> Bool {
        var isAccepted = false
        wake { inbox in
            if inbox.hasEnded { return }
            inbox.calls.append(call)
            isAccepted = true
        }
        return isAccepted
    }

    /// Runs `call` on the loop and returns after it has returned. Returns at once, without running it, if the loop has
    /// ended.
    package func perform(_ call: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            let isAccepted = executeUnlessEnded {
                call()
                continuation.resume()
            }
            if !isAccepted { continuation.resume() }
        }
    }

    /// Applies `change` to the inbox and wakes the loop if it is waiting.
    func wake(_ change: (inout LoopInbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            change(&inbox)
            inbox.count &+= 1
            let waits = inbox.isWaiting
            inbox.isWaiting = false
            return waits
        }
        if mustWake {
            var one: UInt64 = 1
            // The write fails only if the counter is full. A wake-up is then already pending, so the result is ignored.
            _ = unsafe write(wakeDescriptor, &one, 8)
        }
    }
}

/// The work that other threads have sent to a loop, protected by the loop's lock.
struct LoopInbox: ~Copyable {
    var jobs: [UnownedJob] = []
    var calls: [@Sendable () -> Void] = []
    /// Whether the thread waits for the kernel and must be woken.
    var isWaiting = false
    var isStopping = false
    /// Whether the thread has ended. Work that is sent after that does not run.
    var hasEnded = false
    /// The number of times that work was sent.
    var count = 0
    var isEmpty: Bool { jobs.isEmpty && calls.isEmpty && !isStopping }
}
