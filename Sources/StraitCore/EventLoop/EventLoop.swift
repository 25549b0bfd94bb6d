internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread that waits for the kernel, runs timers, and is the Swift executor of all objects that belong to it.
///
/// In each turn, the loop:
///
/// - passes each event to its source and runs the jobs that become ready;
/// - runs the work that other threads sent, and the timers that are due;
/// - writes the queued output, once for each connection;
/// - waits for the next events.
///
/// The loop is the `SerialExecutor` of ``LoopIsolation``, the actor that consumers are isolated to. Calls between
/// objects of the same loop need no enqueue.
///
/// SAFETY: `@unchecked Sendable` is sound because other threads use only `inbox`, which has a lock, `isolation`, and
/// constants. Only the loop's own thread uses the rest. `assertOnLoop()` checks this in places where a mistake would
/// otherwise go unnoticed.
@safe public final class EventLoop: SerialExecutor, @unchecked Sendable {
    /// The actor whose isolation is this loop.
    package let isolation: LoopIsolation
    package let time: any TimeSource
    let parking = ParkingExecutor()
    /// The loop's index in its group, from 0.
    package let index: Int

    let inbox: Mutex<LoopInbox>
    /// The loop's thread, or 0 before it runs. That thread sets it once, before anything else runs on it.
    let thread = Atomic<UInt>(0)
    /// The number of turns and their durations.
    package let counters = LoopCounters()
    /// Whether the durations of turns are measured; false with a manual clock.
    private let timesTurns: Bool
    let wakeDescriptor: Int32

    // Only the loop's own thread uses the properties below.
    private let poller = Poller()
    private let timers = TimerQueue()
    /// The jobs that are ready to run.
    // SAFETY: each access is one call of the ring. The ring calls no other code, because no element is destroyed in it.
    @exclusivity(unchecked) var ready = Ring<UnownedJob>()
    /// The connections with output to write.
    // SAFETY: as for `ready`.
    @exclusivity(unchecked) private var unflushed = Ring<any Flushable>()
    private let blocks = OutputBlocks()
    /// The watch for long jobs, or nil if it is off.
    var jobWatch: JobWatch?
    /// Whether ``jobWatch`` is set. It is read for each job and avoids reference counting.
    var isWatched = false
    private var idleCalls: [() -> Void] = []
    /// The calls for the loop's end, by the objects that made them.
    private var endCalls: [ObjectIdentifier: () -> Void] = [:]
    private var turnBegan: Instant
    var enqueues = 0
    /// The number of running tasks that ``LoopIsolation/startTask(_:)`` started.
    var tasks = 0
    /// The number of tasks that wait in a ``LoopWaiter``, except tasks from other executors that sleep on
    /// ``LoopClock``.
    var waits = 0
    private let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: EventLoop.readSize, alignment: 64)

    /// The maximum number of bytes that one read returns.
    package static let readSize = 128 << 10

    package init(index: Int = 0, time: any TimeSource = SystemTime()) {
        self.index = index
        self.time = time
        isolation = LoopIsolation()
        inbox = Mutex(LoopInbox())
        timesTurns = time.passes
        wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        precondition(wakeDescriptor >= 0, "eventfd failed: no descriptor is left for an event loop.")
        turnBegan = time.now
        isolation.attach(self)
    }

    deinit {
        close(wakeDescriptor)
        unsafe readBuffer.deallocate()
    }

    // MARK: Life

    /// Starts the loop's thread. The loop stays alive until ``stop()``.
    package func start() {
        // SAFETY: the thread takes the retained reference back exactly once.
        let box = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { preconditionFailure("start() passes the loop.") }
                let loop = unsafe Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue()
                loop.run()
                return nil
            }, box)
        precondition(result == 0, "The thread of an event loop could not be started (error \(result)).")
        pthread_detach(thread)
    }

    /// Ends the loop's thread after the current turn and releases the sources that are still watched.
    package func stop() {
        wake { $0.isStopping = true }
    }

    private func run() {
        unsafe strait_name_thread("strait-loop-\(index)")
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        unsafe strait_set_thread_pointer(Unmanaged.passUnretained(self).toOpaque())
        let isWatched = poller.add(WakeSource(), descriptor: wakeDescriptor, [.readable, .edgeTriggered]) != nil
        precondition(isWatched, "epoll_ctl refused an event loop's own descriptor (errno \(errno)).")
        turnBegan = time.now
        // The first turn runs the work sent before the thread started, and it may be long too.
        counters.turnBegan(at: turnBegan)
        while turn() {}
        end()
    }

    /// Runs the calls that were accepted before the loop ended, so that their callers do not wait forever. Later calls
    /// are rejected.
    private func end() {
        let calls = inbox.withLock { inbox in
            inbox.hasEnded = true
            defer { inbox.calls = [] }
            return inbox.calls
        }
        for call in calls { call() }
        callIdle()
        let ends = endCalls
        endCalls = [:]
        for end in ends.values { end() }
    }

    private func callIdle() {
        let calls = idleCalls
        idleCalls = []
        for call in calls { call() }
    }

    /// Runs one turn. Returns false if the loop has to end.
    private func turn() -> Bool {
        counters.turns.add()
        guard receive() else { return false }
        runReady()
        runTimers()
        flush()
        if !idleCalls.isEmpty, isIdle {
            callIdle()
            return true
        }
        let (timeout, now) = waitTime()
        if timeout != 0 {
            endTurn(now ?? time.now)
            counters.waits()
        }
        let count = poller.wait(milliseconds: timeout)
        if timeout != 0 { inbox.withLock { $0.isWaiting = false } }
        let began = time.now
        // If the loop did not wait, the next turn begins at the end of this one.
        if timeout == 0 { endTurn(began) }
        turnBegan = began
        counters.turnBegan(at: began)
        for index in 0..<count {
            guard let (source, readiness) = poller.event(index) else { continue }
            source.isReady(readiness)
        }
        return true
    }

    /// Records the turn that ends at `now`. An event that arrived during the turn waited up to this long.
    private func endTurn(_ now: Instant) {
        if timesTurns { counters.turnEnded(from: turnBegan, at: now) }
    }

    private var isIdle: Bool {
        unsafe ready.isEmpty && unflushed.isEmpty && inbox.withLock { $0.isEmpty }
    }

    /// The time to wait for the kernel in milliseconds, and the current time if it was read. The wait is 0 if there is
    /// work, and -1 if no timer is armed.
    private func waitTime() -> (Int32, Instant?) {
        if unsafe !ready.isEmpty || !unflushed.isEmpty { return (0, nil) }
        // From here on, other threads must wake this one.
        let mayWait = inbox.withLock { inbox in
            inbox.isWaiting = inbox.isEmpty
            return inbox.isWaiting
        }
        guard mayWait else { return (0, nil) }
        guard time.passes, let next = timers.next else { return (-1, nil) }
        let now = time.now
        let left = now.duration(to: next).nanoseconds
        if left <= 0 {
            inbox.withLock { $0.isWaiting = false }
            return (0, now)
        }
        return (Int32(clamping: left / 1_000_000 + 1), now)
    }

    /// Takes the work that other threads sent. Returns false if the loop has to end.
    private func receive() -> Bool {
        let (jobs, calls, stop) = inbox.withLock { inbox in
            let taken = (inbox.jobs, inbox.calls, inbox.isStopping)
            if !inbox.jobs.isEmpty { inbox.jobs = [] }
            if !inbox.calls.isEmpty { inbox.calls = [] }
            return taken
        }
        for job in jobs { unsafe ready.append(job) }
        for call in calls { call() }
        return !stop
    }

    private func runTimers() {
        while let timer = timers.popDue(turnBegan) {
            timer.action()
            runReady()
        }
    }

    /// Runs the ready jobs and the jobs that they make ready, up to a limit, so that the kernel's events are not
    /// starved.
    private func runReady() {
        var budget = 10_000
        while unsafe !ready.isEmpty, budget > 0 {
            let job = unsafe ready.removeFirst()
            if isWatched { jobWatch?.begin(time.now) }
            // SAFETY: the unowned references are used only during the call, and the loop outlives it.
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
            if isWatched { jobWatch?.end(time.now) }
            budget -= 1
        }
    }

    /// Writes the output queued so far. Output that is queued during a flush is written in the next turn.
    private func flush() {
        for _ in unsafe 0..<unflushed.count {
            let connection = unsafe unflushed.removeFirst()
            connection.flush()
        }
    }

    // MARK: On the loop

    /// The time at which this turn began. Reading it makes no system call.
    package var now: Instant { turnBegan }

    /// Arms `timer` to fire `duration` after the start of this turn.
    package func arm(_ timer: LoopTimer, after duration: Duration) {
        assertOnLoop()
        timers.arm(timer, at: turnBegan.advanced(by: duration))
    }

    package func arm(_ timer: LoopTimer, at deadline: Instant) {
        assertOnLoop()
        timers.arm(timer, at: deadline)
    }

    package func disarm(_ timer: LoopTimer) {
        assertOnLoop()
        timers.disarm(timer)
    }

    /// Schedules `connection` to write its queued output at the end of this turn.
    package func flushLater(_ connection: consuming any Flushable) {
        assertOnLoop()
        unsafe unflushed.append(connection)
    }

    /// Watches `descriptor` for `source`. Returns nil if the kernel refuses, with the reason in `errno`.
    package func watch(_ source: any PollSource, descriptor: Int32, _ interest: Readiness) -> UInt32? {
        assertOnLoop()
        return poller.add(source, descriptor: descriptor, interest)
    }

    package func watch(_ place: UInt32, descriptor: Int32, changed interest: Readiness) {
        assertOnLoop()
        poller.change(place, descriptor: descriptor, interest)
    }

    package func unwatch(_ place: UInt32, descriptor: Int32) {
        assertOnLoop()
        poller.remove(place, descriptor: descriptor)
    }

    /// Stops watching a source whose descriptor the caller closes right afterwards. Closing ends the kernel's watch.
    package func forget(_ place: UInt32) {
        assertOnLoop()
        poller.forget(place)
    }

    /// Calls `call` once when the loop has no work left and would wait.
    package func whenIdle(_ call: @escaping () -> Void) {
        assertOnLoop()
        idleCalls.append(call)
    }

    /// Calls `call` when the loop ends, for an object that cannot outlive it. Nil removes the call.
    package func whenEnded(for object: AnyObject, _ call: (() -> Void)?) {
        assertOnLoop()
        endCalls[ObjectIdentifier(object)] = call
    }

    /// The deadline of the earliest armed timer, or nil if none is armed.
    package var nextDeadline: Instant? { timers.next }

    /// Reads the time again and runs the timers that are due. For manual clocks.
    package func catchUp() {
        assertOnLoop()
        turnBegan = time.now
        runTimers()
    }

    /// Calls `fill` with the loop's read buffer, and passes the bytes that it filled to `use`. All connections of the
    /// loop share the buffer, so an idle connection needs none.
    @inline(__always)
    package func withReadBuffer(fill: (UnsafeMutableRawBufferPointer) -> Int, use: (Int, Span<UInt8>) -> Void) {
        let buffer = unsafe readBuffer
        let count = unsafe fill(buffer)
        // SAFETY: the buffer lives as long as the loop. Nothing reads into it before `use` returns, because code called
        // from `use` only queues.
        guard let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            preconditionFailure("The read buffer is never empty.")
        }
        use(count, unsafe Span(_unsafeStart: UnsafePointer(start), count: max(0, count)))
    }

    // MARK: Blocks for output

    /// Returns a block to queue output in.
    func takeBlock() -> ByteStorage { blocks.take() }

    /// Returns `block` to the loop for reuse.
    func giveBack(_ block: consuming ByteStorage) { blocks.giveBack(block) }

    /// Whether every task that was started on this loop waits on this loop.
    ///
    /// If the loop is also idle, nothing can happen until a timer fires or another thread sends work. A task that
    /// awaits something outside of the loop is neither ended nor waiting here.
    package var everyTaskWaits: Bool { tasks == waits }

    /// The duration of the current turn so far; zero while the loop waits for the kernel. Callable from any thread.
    package var busyTime: Duration { counters.currentTurn(time.now) }

    // MARK: Counters

    /// The number of jobs that the loop's own thread has enqueued since it started. Tests check that a wake-up costs
    /// only one.
    package var enqueueCount: Int { enqueues }
    /// The number of times that any thread, including this one, sent a job or a call.
    package var handOverCount: Int { inbox.withLock { $0.count } }
    /// The number of turns since the loop started.
    package var turnCount: Int { counters.turns.value }
    /// The number of sources that the loop watches, including its own wake-up descriptor.
    package var sourceCount: Int { poller.sourceCount }
}
