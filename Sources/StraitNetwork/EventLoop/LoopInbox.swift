/// What other threads hand over to a loop. It lives behind the loop's lock.
struct LoopInbox: ~Copyable {
    var jobs: [UnownedJob] = []
    var calls: [@Sendable () -> Void] = []
    /// Whether the thread waits for the kernel and has to be woken.
    var isWaiting = false
    var isStopping = false
    /// Whether the thread is gone, and nothing that is handed over will run any more.
    var hasEnded = false
    /// How often something was handed over.
    var count = 0
    var isEmpty: Bool { jobs.isEmpty && calls.isEmpty && !isStopping }
}
