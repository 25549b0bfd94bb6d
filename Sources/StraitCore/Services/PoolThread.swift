internal import CLinux
internal import Glibc

/// A thread of a pool, which sleeps while there is no work.
final class PoolThread: Sendable {
    private let pool: ThreadPool
    private let descriptor: Int32

    /// Returns nil if no descriptor is left.
    init?(pool: ThreadPool) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC))
        if descriptor < 0 { return nil }
        self.pool = pool
    }

    deinit { close(descriptor) }

    func run() { pool.serve(self) }

    func wake() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, 8)
    }

    /// Waits for a wake. Returns false if there was none within `duration`, or a signal interrupted the wait.
    func wait(for duration: Duration) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&request, 1, Int32(clamping: duration.nanoseconds / 1_000_000)) > 0 else { return false }
        consumeWake()
        return true
    }

    /// Waits for a wake that has been or is about to be sent.
    func consumeWake() {
        var count: UInt64 = 0
        while unsafe read(descriptor, &count, 8) < 0, errno == EINTR {}
    }
}
