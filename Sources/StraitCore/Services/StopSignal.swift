internal import CLinux
internal import Glibc

/// The first SIGINT (Ctrl-C) or SIGTERM of a process, which requests a graceful shutdown. A second one ends the process
/// at once.
///
/// A separate thread waits in `read`, so neither the main thread nor a loop is blocked.
package struct StopSignal: Sendable {
    private let descriptor: Int32

    /// Starts to catch SIGINT and SIGTERM. Create only one in each process.
    package init() {
        descriptor = strait_watch_stop_signals()
        precondition(descriptor >= 0, "The pipe for stop signals could not be created: no descriptor is left.")
    }

    /// Returns when one of the signals arrives, or at once if one already has.
    package func wait() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let watch = Watch(descriptor: descriptor, continuation: continuation)
            // SAFETY: the thread takes the retained reference back exactly once.
            let box = unsafe Unmanaged.passRetained(watch).toOpaque()
            var thread = pthread_t()
            let result = unsafe pthread_create(
                &thread, nil,
                { argument in
                    unsafe strait_name_thread("strait-signals")
                    guard let argument = unsafe argument else { preconditionFailure("wait() passes the watch.") }
                    unsafe Unmanaged<Watch>.fromOpaque(argument).takeRetainedValue().run()
                    return nil
                }, box)
            precondition(result == 0, "The thread that waits for stop signals could not be started (error \(result)).")
            pthread_detach(thread)
        }
    }

    private final class Watch: Sendable {
        let descriptor: Int32
        let continuation: CheckedContinuation<Void, Never>

        init(descriptor: Int32, continuation: CheckedContinuation<Void, Never>) {
            self.descriptor = descriptor
            self.continuation = continuation
        }

        func run() {
            var byte: UInt8 = 0
            while unsafe read(descriptor, &byte, 1) < 0, errno == EINTR {}
            continuation.resume()
        }
    }
}

/// The limits and settings of this process.
package enum ProcessLimits {
    /// Raises the limit on open descriptors to the highest value that needs no privileges. Every socket takes one, and
    /// shells start programs with a limit of 1,024.
    ///
    /// - Returns: The number of descriptors that may now be open.
    @discardableResult
    package static func raiseDescriptors() -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return 0 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if unsafe setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Lets the Swift runtime open the descriptors of its timers. It opens one at the first sleep on each clock, and
    /// ends the process if none is left.
    package static func openTimers() async {
        try? await Task.sleep(for: .nanoseconds(1), clock: ContinuousClock())
        try? await Task.sleep(for: .nanoseconds(1), clock: SuspendingClock())
    }

    /// Makes the allocator keep up to 4 MiB of freed memory for each thread. Otherwise it returns each large message's
    /// memory to the kernel and faults it in again for the next message. Blocks of at least 2 MiB are still returned at
    /// once.
    package static func keepFreedMemory() {
        strait_keep_freed_memory(2 << 20, 4 << 20)
    }

    /// Makes a write to a connection or pipe without a reader fail instead of ending the process.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
