internal import CLinux
internal import Glibc

/// A thread of a pool, which sleeps while there is no work.
@safe final class PoolThread: Sendable {
    private let pool: ThreadPool
    // A semaphore needs one system call for each side. With an event descriptor, the sleeper would need two.
    // SAFETY: valid from `init` to `deinit`, and changed only by the semaphore's own functions.
    private nonisolated(unsafe) let wakes: UnsafeMutablePointer<sem_t>

    /// Returns nil if the system has no semaphore left.
    init?(pool: ThreadPool) {
        unsafe wakes = .allocate(capacity: 1)
        guard unsafe sem_init(wakes, 0, 0) == 0 else {
            unsafe wakes.deallocate()
            return nil
        }
        self.pool = pool
    }

    deinit {
        unsafe sem_destroy(wakes)
        unsafe wakes.deallocate()
    }

    func run() { pool.serve(self) }

    func wake() { unsafe sem_post(wakes) }

    /// Waits for a wake. Returns false if there was none within `duration`, or a signal interrupted the wait.
    func wait(for duration: Duration) -> Bool {
        var end = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &end)
        end.tv_sec += Int(duration.components.seconds)
        return unsafe sem_timedwait(wakes, &end) == 0
    }

    /// Waits for a wake that has been or is about to be sent.
    func consumeWake() {
        while unsafe sem_wait(wakes) < 0, errno == EINTR {}
    }
}
