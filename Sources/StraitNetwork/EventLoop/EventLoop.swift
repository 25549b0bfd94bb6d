internal import CLinux
internal import Glibc
internal import Synchronization

/// One thread that waits for the kernel, runs timers and is the Swift executor of everything that lives on it.
///
/// A turn of the loop: wait for events; hand each to its source and run the jobs which that made ready; run due timers
/// and what other threads sent; write what was queued, once for each connection; begin again.
///
/// The loop is the `SerialExecutor` of ``LoopIsolation``, the actor whose isolation consumers have. A call between two
/// things of the same loop costs no enqueue.
///
/// `@unchecked Sendable` is sound because what other threads touch is `inbox`, behind a lock, `isolation` and the
/// constants; everything else is touched only by the loop's own thread, which `assertOnLoop()` checks where a mistake
/// would otherwise go unnoticed.
@safe public final class EventLoop: SerialExecutor, @unchecked Sendable {
    /// The actor whose isolation is this loop.
    package let isolation: LoopIsolation
    package let time: any TimeSource
    let parking = ParkingExecutor()
    /// The loop's number within its group, from 0.
    package let index: Int

    let inbox: Mutex<LoopInbox>
    /// The loop's thread, or 0 before it runs. Written once, by that thread, before anything else runs on it.
    let thread = Atomic<UInt>(0)
    /// The turns and their lengths.
    package let counters = LoopCounters()
    /// Whether the lengths of turns are counted: not with a clock that is moved by hand.
    private let timesTurns: Bool
    let wakeDescriptor: Int32

    // What follows, only the loop's own thread touches.
    private let poller = Poller()
    private let timers = TimerQueue()
    /// The jobs that can run.
    let ready = Ring<UnownedJob>()
    /// The connections that have something to write.
    private let unflushed = Ring<any Flushable>()
    private let blocks = OutputBlocks()
    /// Times the jobs, where somebody wants to know.
    private var jobWatch: JobWatch?
    /// Whether there is a ``jobWatch``: asked for each job, without counting a reference.
    private var isWatched = false
    private var idleCalls: [() -> Void] = []
    private var turnBegan: Instant
    var enqueues = 0
    /// The tasks that ``LoopIsolation/startTask(_:)`` started and that have not ended.
    var tasks = 0
    /// How many tasks wait in a ``LoopWaiter``, without those that came here from elsewhere to wait.
    var waits = 0
    private let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: EventLoop.readSize, alignment: 64)

    /// The most bytes that one read of one connection brings.
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
        // Sound: the retained reference is taken back by the thread, exactly once.
        let box = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread, nil,
            { argument in
                let loop = unsafe Unmanaged<EventLoop>.fromOpaque(argument!).takeRetainedValue()
                loop.run()
                return nil
            }, box)
        precondition(result == 0, "The thread of an event loop could not be started (error \(result)).")
        pthread_detach(thread)
    }

    /// Ends the loop's thread after the current turn. Sources that are still watched are let go.
    package func stop() {
        wake { $0.isStopping = true }
    }

    private func run() {
        unsafe strait_name_thread("strait-loop-\(index)")
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        unsafe strait_set_thread_pointer(Unmanaged.passUnretained(self).toOpaque())
        let wakeSource = WakeSource(descriptor: wakeDescriptor)
        let isWatched = poller.add(wakeSource, descriptor: wakeDescriptor, .readable) != nil
        precondition(isWatched, "epoll_ctl refused an event loop's own descriptor (errno \(errno)).")
        turnBegan = time.now
        // The first turn runs what was handed over before the thread started, and may take long too.
        counters.turnBegan(at: turnBegan)
        while turn() {}
        end()
    }

    /// Whoever waits for a call that was accepted still gets it; what comes later is turned away.
    private func end() {
        let calls = inbox.withLock { inbox in
            inbox.hasEnded = true
            defer { inbox.calls = [] }
            return inbox.calls
        }
        for call in calls { call() }
        callIdle()
    }

    private func callIdle() {
        let calls = idleCalls
        idleCalls = []
        for call in calls { call() }
    }

    /// One turn; false where the loop is to end.
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
        // What has not waited begins the next turn with the end of this one.
        if timeout == 0 { endTurn(began) }
        turnBegan = began
        counters.turnBegan(at: began)
        for index in 0..<count {
            guard let (source, readiness) = poller.event(index) else { continue }
            source.isReady(readiness)
        }
        return true
    }

    /// Counts the turn that ends at `now`: an event that came meanwhile waited for up to as long as the turn took.
    private func endTurn(_ now: Instant) {
        if timesTurns { counters.turnEnded(from: turnBegan, at: now) }
    }

    private var isIdle: Bool {
        ready.isEmpty && unflushed.isEmpty && inbox.withLock { $0.isEmpty }
    }

    /// The time to wait for the kernel in milliseconds: 0 if there is work, -1 if there is no timer; and the current time
    /// if it was read.
    private func waitTime() -> (Int32, Instant?) {
        if !ready.isEmpty || !unflushed.isEmpty { return (0, nil) }
        // From here on another thread has to wake this one.
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

    /// Takes over what other threads sent; false where the loop is to end.
    private func receive() -> Bool {
        let (jobs, calls, stop) = inbox.withLock { inbox in
            let taken = (inbox.jobs, inbox.calls, inbox.isStopping)
            if !inbox.jobs.isEmpty { inbox.jobs = [] }
            if !inbox.calls.isEmpty { inbox.calls = [] }
            return taken
        }
        for job in jobs { ready.append(job) }
        for call in calls { call() }
        return !stop
    }

    private func runTimers() {
        while let timer = timers.popDue(turnBegan) {
            timer.action()
            runReady()
        }
    }

    /// Runs the jobs that are ready, and those that they make ready, up to a bound that keeps the kernel from starving.
    private func runReady() {
        var budget = 10_000
        while !ready.isEmpty, budget > 0 {
            let job = ready.removeFirst()
            if isWatched { jobWatch?.begin(time.now) }
            // Sound: the loop outlives the call, which these unowned references serve.
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
            if isWatched { jobWatch?.end(time.now) }
            budget -= 1
        }
    }

    /// Writes what was queued up to now; what a flush queues again is due in the next turn.
    private func flush() {
        for _ in 0..<unflushed.count { unflushed.removeFirst().flush() }
    }

    // MARK: On the loop

    /// The time at which this turn began. Reading it costs nothing.
    package var now: Instant { turnBegan }

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

    /// Has `connection` write what it queued at the end of this turn.
    package func flushLater(_ connection: consuming any Flushable) {
        assertOnLoop()
        unflushed.append(connection)
    }

    /// Watches `descriptor` for `source`; nil if the kernel refuses, with `errno`.
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

    /// Forgets a source whose descriptor is closed right after, which ends the kernel's part of the watch.
    package func forget(_ place: UInt32) {
        assertOnLoop()
        poller.forget(place)
    }

    /// Calls `call` once nothing is left to do on this loop but to wait.
    package func whenIdle(_ call: @escaping () -> Void) {
        assertOnLoop()
        idleCalls.append(call)
    }

    /// The earliest armed timer's deadline.
    package var nextDeadline: Instant? { timers.next }

    /// Reads the time anew and runs what is due by now; for a clock that is moved by hand.
    package func catchUp() {
        assertOnLoop()
        turnBegan = time.now
        runTimers()
    }

    /// Lets `body` fill the loop's read buffer, and hands what it filled to `use`. The buffer is one for all
    /// connections of the loop: an idle connection keeps none.
    @inline(__always)
    package func withReadBuffer(fill: (UnsafeMutableRawBufferPointer) -> Int, use: (Int, Span<UInt8>) -> Void) {
        let buffer = unsafe readBuffer
        let count = unsafe fill(buffer)
        // Sound: the buffer lives as long as the loop, and nothing reads into it again before `use` has returned: what
        // is called from there only queues.
        let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        use(count, unsafe Span(_unsafeStart: UnsafePointer(start!), count: max(0, count)))
    }

    // MARK: Blocks for output

    /// A block to queue output in.
    func takeBlock() -> ByteStorage { blocks.take() }

    /// Gives a block back.
    func giveBack(_ block: consuming ByteStorage) { blocks.giveBack(block) }

    /// Whether each task that was started here waits here. Together with an idle loop that says that nothing can happen
    /// before a timer fires or another thread hands something over; a task of this loop that awaits something elsewhere
    /// is neither ended nor waiting.
    package var everyTaskWaits: Bool { tasks == waits }

    // MARK: Jobs that take long

    /// Has `report` called after each job that held the loop for longer than `limit`, with what it was running.
    package func watchJobs(over limit: Duration, _ report: @escaping (_ what: String, _ held: Duration) -> Void) {
        assertOnLoop()
        jobWatch = JobWatch(limit: limit, report: report)
        isWatched = true
    }

    /// What the job that runs now is, for ``watchJobs(over:_:)``; it is not asked for without.
    package func names(_ job: @autoclosure () -> String) {
        jobWatch?.name = job()
    }

    /// Runs `work`, a user's code that is called outside of a task, as a job of its own for ``watchJobs(over:_:)``.
    package func watched<Result>(_ job: @autoclosure () -> String, _ work: () -> Result) -> Result {
        guard isWatched else { return work() }
        jobWatch?.begin(time.now)
        jobWatch?.name = job()
        defer { jobWatch?.end(time.now) }
        return work()
    }

    /// What ``names(_:)`` said of the job that runs now.
    var jobName: String? {
        get { jobWatch?.name }
        set { jobWatch?.name = newValue }
    }

    /// The duration of the current turn so far; zero while the loop waits for the kernel. Callable from any thread.
    package var busyTime: Duration { counters.currentTurn(time.now) }

    // MARK: Counters

    /// How many jobs were made ready from this loop itself since it started. A test holds it to one a wake.
    package var enqueueCount: Int { enqueues }
    /// How often other threads, or this one, handed over a job or a call.
    package var handOverCount: Int { inbox.withLock { $0.count } }
    /// How many turns the loop made.
    package var turnCount: Int { counters.turns.value }
    /// How many sources the loop watches, its own wake-up descriptor included.
    package var sourceCount: Int { poller.sourceCount }
}

/// A connection with output that waits for the end of the turn. Loop-bound.
package protocol Flushable: AnyObject {
    func flush()
}
