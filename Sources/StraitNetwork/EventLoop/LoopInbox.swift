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
