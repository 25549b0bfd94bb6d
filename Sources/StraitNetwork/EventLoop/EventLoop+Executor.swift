internal import CLinux
internal import Glibc
internal import Synchronization

extension EventLoop {
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnLoop {
            enqueues &+= 1
            ready.append(job)
        } else {
            wake { $0.jobs.append(job) }
        }
    }

    /// Runs `job`, the rest of a task that waited on this loop, in this turn.
    func makeReady(_ job: UnownedJob) {
        assertOnLoop()
        ready.append(job)
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    public func checkIsolated() {
        precondition(isOnLoop, "This must run on event loop \(index).")
    }

    public func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    /// Whether the caller runs on this loop's thread.
    package var isOnLoop: Bool {
        thread.load(ordering: .relaxed) == UInt(pthread_self())
    }

    /// The loop whose thread the caller runs on, or nil.
    package static var current: EventLoop? {
        // Sound: a loop's thread keeps it alive for as long as the pointer is there.
        unsafe strait_thread_pointer().map { unsafe Unmanaged<EventLoop>.fromOpaque($0).takeUnretainedValue() }
    }

    package func assertOnLoop() {
        assert(isOnLoop, "This belongs to event loop \(index) and was touched from another thread.")
    }

    // MARK: From other threads

    /// Runs `call` on the loop, in the order of the calls of one thread. From the loop itself: in its next turn.
    package func execute(_ call: @escaping @Sendable () -> Void) {
        wake { $0.calls.append(call) }
    }

    /// The same, unless the loop has ended: then `call` is not run, and the result is false.
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

    /// Runs `call` on the loop and returns when it has returned; at once, without running it, where the loop has ended.
    package func perform(_ call: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            let isAccepted = executeUnlessEnded {
                call()
                continuation.resume()
            }
            if !isAccepted { continuation.resume() }
        }
    }

    /// Hands over what `change` adds, and wakes the loop where it waits.
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
            // A full counter means that a wake is under way already, so the result carries no news.
            _ = unsafe write(wakeDescriptor, &one, 8)
        }
    }
}
