internal import CLinux
internal import Glibc

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
