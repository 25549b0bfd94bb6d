internal import CLinux
internal import Glibc
internal import Synchronization

/// A pool of threads for work that blocks: file access, a C library, a long calculation. Use it through
/// ``ServiceProvider/offload(_:)``; Channels' `database_sync_to_async`.
///
/// Every site has one. A site that needs other limits returns its own from `services(_:)`:
///
/// ```swift
/// func services(_ settings: Settings) -> [any Service] { [ThreadPool(threads: 4, queue: 100)] }
/// ```
///
/// A thread starts when work arrives and no other thread is idle. It ends after ten seconds without work.
public final class ThreadPool: Service, MetricsSource {
    /// The maximum number of threads.
    public let threads: Int
    /// The maximum number of calls that wait for a thread. Further calls throw ``ThreadPoolError/Code/full``.
    public let queue: Int
    private let name: String
    /// The nice value of the threads, from 0 to 19. A higher one leaves more of the processor to other threads.
    private let niceness: Int
    private let state = Mutex(State())

    private struct State: ~Copyable {
        var waiting = Ring<any PoolCall>()
        var idle: [PoolThread] = []
        var threads = 0
        var isStopped = false
        var whenEnded: [CheckedContinuation<Void, Never>] = []
        var running = 0
        var completed = 0
        var refused = 0
        var cancelled = 0

        /// Removes the waiting calls, and returns a closure for each that makes it fail.
        mutating func takeWaiting() -> [(any Error) -> Void] {
            var failures: [(any Error) -> Void] = []
            while let call = waiting.popFirst() { failures.append(call.takeFailure()) }
            return failures
        }

        /// Returns the waiting `stop()` calls if no thread is left.
        mutating func takeEnded() -> [CheckedContinuation<Void, Never>] {
            guard threads == 0 else { return [] }
            defer { whenEnded = [] }
            return whenEnded
        }
    }

    /// The way in which a call gets its thread.
    private enum Placement {
        case wakes(PoolThread), startsThread, waits
        case fails(any Error)
    }

    /// Creates a pool without threads.
    ///
    /// - Parameters:
    ///   - threads: The maximum number of threads, at least 1.
    ///   - queue: The maximum number of calls that wait for a thread.
    public convenience init(threads: Int = 16, queue: Int = 1024) {
        self.init(name: "offload", threads: threads, queue: queue)
    }

    package init(name: String, threads: Int, queue: Int, niceness: Int = 0) {
        self.name = name
        self.niceness = niceness
        self.threads = max(1, threads)
        self.queue = max(0, queue)
    }

    /// Runs `work` on a thread of the pool and returns its result.
    ///
    /// If the task is cancelled while the call waits for a thread, the call ends at once and `work` does not run. Work
    /// that runs is not interrupted, and its result is returned.
    ///
    /// - Throws: ``ThreadPoolError`` if too many calls wait or the pool has stopped; `CancellationError`; the error of
    ///   `work`.
    public func run<Output: Sendable>(_ work: @escaping @Sendable () throws -> Output) async throws -> Output {
        try await run(work) {}
    }

    /// Runs `work` as ``run(_:)`` does. `onCancel` is called if the task is cancelled, whether the work runs or not.
    package func run<Output: Sendable>(
        _ work: @escaping @Sendable () throws -> Output, onCancel: @Sendable () -> Void
    ) async throws -> Output {
        let call = Call(work)
        return try await call.pending.wait {
            submit(call)
        } onCancel: {
            onCancel()
            cancel(call)
        }
    }

    private func submit<Output>(_ call: Call<Output>) {
        let placement = state.withLock { state -> Placement in
            if call.isCancelled { return .fails(CancellationError()) }
            if state.isStopped { return .fails(ThreadPoolError.stopped) }
            let thread = state.idle.popLast()
            let startsThread = thread == nil && state.threads < threads
            guard thread != nil || startsThread || state.waiting.count < queue else {
                state.refused += 1
                return .fails(ThreadPoolError.full(queue, name))
            }
            call.isWaiting = true
            state.waiting.append(call)
            if startsThread { state.threads += 1 }
            return thread.map { .wakes($0) } ?? (startsThread ? .startsThread : .waits)
        }
        switch placement {
        case .wakes(let thread): thread.wake()
        case .startsThread: start()
        case .waits: break
        case .fails(let error): call.pending.finish(.failure(error))
        }
    }

    private func cancel<Output>(_ call: Call<Output>) {
        let wasWaiting = state.withLock { state in
            call.isCancelled = true
            guard call.isWaiting else { return false }
            call.isWaiting = false
            state.waiting.removeAll { $0 === call }
            state.cancelled += 1
            return true
        }
        if wasWaiting { call.pending.finish(.failure(CancellationError())) }
    }

    /// Waits for running work, and fails the calls that wait for a thread.
    public func stop() async {
        let (waiting, idle) = state.withLock { state -> ([(any Error) -> Void], [PoolThread]) in
            state.isStopped = true
            defer { state.idle = [] }
            return (state.takeWaiting(), state.idle)
        }
        for fail in waiting { fail(ThreadPoolError.stopped) }
        for thread in idle { thread.wake() }
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if state.threads > 0 { state.whenEnded.append(continuation) }
                return state.threads == 0
            }
            if hasEnded { continuation.resume() }
        }
    }

    // MARK: Threads

    private func start() {
        guard let thread = PoolThread(pool: self) else { return failWaiting(threadError: errno) }
        // SAFETY: the thread takes the retained reference back exactly once.
        let box = unsafe Unmanaged.passRetained(thread).toOpaque()
        var id = pthread_t()
        let result = unsafe pthread_create(
            &id, nil,
            { argument in
                guard let argument = unsafe argument else { preconditionFailure("start() passes the thread.") }
                unsafe Unmanaged<PoolThread>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box)
        if result == 0 {
            pthread_detach(id)
        } else {
            unsafe Unmanaged<PoolThread>.fromOpaque(box).release()
            failWaiting(threadError: result)
        }
    }

    /// Handles a thread that could not be started. If there is no other, the waiting calls fail.
    private func failWaiting(threadError code: Int32) {
        let (waiting, ended) = state.withLock { state -> ([(any Error) -> Void], [CheckedContinuation<Void, Never>]) in
            state.threads -= 1
            guard state.threads == 0 else { return ([], []) }
            state.refused += state.waiting.count
            return (state.takeWaiting(), state.takeEnded())
        }
        for fail in waiting { fail(ThreadPoolError.noThread(code, name)) }
        for continuation in ended { continuation.resume() }
    }

    /// Runs calls until the pool stops. Called on the thread.
    func serve(_ thread: PoolThread) {
        unsafe strait_name_thread("strait-\(name)")
        if niceness > 0 { strait_lower_thread_priority(Int32(niceness)) }
        while true {
            enum Step {
                case runs(any PoolCall), waits
                case ends([CheckedContinuation<Void, Never>])
            }
            let step = state.withLock { state -> Step in
                if let call = state.waiting.popFirst() {
                    call.isWaiting = false
                    state.running += 1
                    return .runs(call)
                }
                if state.isStopped {
                    state.threads -= 1
                    return .ends(state.takeEnded())
                }
                state.idle.append(thread)
                return .waits
            }
            switch step {
            case .runs(let call):
                let finish = call.perform()
                // Counted before the caller continues, so that it sees its own call in the metrics.
                state.withLock { state in
                    state.running -= 1
                    state.completed += 1
                }
                finish()
            case .waits:
                if thread.wait(for: .seconds(10)) { break }
                let ended = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
                    // If the thread is no longer idle, a call has just woken it.
                    guard let index = state.idle.firstIndex(where: { $0 === thread }) else { return nil }
                    state.idle.remove(at: index)
                    state.threads -= 1
                    return state.takeEnded()
                }
                guard let ended else {
                    // The wake is on its way. If it came later, the thread would be in the list twice.
                    thread.consumeWake()
                    break
                }
                for continuation in ended { continuation.resume() }
                return
            case .ends(let continuations):
                for continuation in continuations { continuation.resume() }
                return
            }
        }
    }

    /// The number of calls that run, wait, have completed, were refused, and were cancelled while they waited.
    public func metrics() -> [Metric] {
        let (running, waiting, completed, refused, cancelled) = state.withLock {
            ($0.running, $0.waiting.count, $0.completed, $0.refused, $0.cancelled)
        }
        func metric(_ kind: Metric.Kind, _ suffix: String, _ help: String, _ value: Int) -> Metric {
            Metric(kind, "strait_threads_\(suffix)", help: help, labels: ["pool": name], value: value)
        }
        return [
            metric(.gauge, "running", "Calls that run on a thread.", running),
            metric(.gauge, "waiting", "Calls that wait for a thread.", waiting),
            metric(.counter, "completed_total", "Calls that have ended.", completed),
            metric(.counter, "refused_total", "Calls that were refused because too many waited.", refused),
            metric(.counter, "cancelled_total", "Calls that were cancelled while they waited.", cancelled),
        ]
    }
}

/// A call of any result type.
private protocol PoolCall: AnyObject, Sendable {
    var isWaiting: Bool { get set }
    /// Runs the work. Returns a closure that passes the result to the caller.
    func perform() -> () -> Void
    /// Ends the wait, and returns a closure that passes an error to the caller.
    func takeFailure() -> (any Error) -> Void
}

// SAFETY: `isWaiting` and `isCancelled` are used only under the pool's lock.
private final class Call<Output: Sendable>: PoolCall, @unchecked Sendable {
    private let work: @Sendable () throws -> Output
    let pending = PendingResult<Output>()
    /// Whether the call is in the pool's queue.
    var isWaiting = false
    var isCancelled = false

    init(_ work: @escaping @Sendable () throws -> Output) {
        self.work = work
    }

    func perform() -> () -> Void {
        let result = Result(catching: work)
        return { [pending] in pending.finish(result) }
    }

    func takeFailure() -> (any Error) -> Void {
        isWaiting = false
        return { [pending] error in pending.finish(.failure(error)) }
    }
}

/// An error of a ``ThreadPool``. A page answers it with 503.
public struct ThreadPoolError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Hashable, Sendable {
        /// Too many calls wait for a thread.
        case full
        /// The pool has stopped, because the site is stopping.
        case stopped
        /// The system could not start a thread.
        case noThread
    }

    /// The kind of error.
    public let code: Code
    /// The problem and its solution.
    public let description: String

    static func full(_ limit: Int, _ name: String) -> ThreadPoolError {
        ThreadPoolError(
            code: .full,
            description: "\(limit) calls already wait for a thread of the pool '\(name)'. Make the work shorter, or "
                + "give the pool more threads.")
    }

    package static let stopped = ThreadPoolError(
        code: .stopped, description: "The site is stopping, so offload accepts no more work.")

    static func noThread(_ error: Int32, _ name: String) -> ThreadPoolError {
        ThreadPoolError(
            code: .noThread,
            description: "The system could not start a thread of the pool '\(name)' (error \(error)). Raise its limit "
                + "on threads or memory.")
    }
}

extension ServiceProvider {
    /// Runs blocking `work` on a thread of the site's ``ThreadPool``, so that it does not block an event loop.
    /// Channels' `database_sync_to_async`.
    ///
    /// ```swift
    /// let hash = try await request.offload { try Password.hash(text) }
    /// ```
    ///
    /// - Throws: ``ThreadPoolError`` if too many calls wait; `CancellationError` if the task is cancelled while the
    ///   call waits; ``ServiceError/Code/missing`` outside of a site; the error of `work`.
    public func offload<Output: Sendable>(_ work: @escaping @Sendable () throws -> Output) async throws -> Output {
        try await services.get(ThreadPool.self).run(work)
    }
}
