internal import CLinux
internal import Glibc

/// What the kernel allows this process.
package enum ProcessLimits {
    /// Raises the number of open descriptors to as many as the kernel allows without privileges: every socket is one,
    /// and shells start programs with 1024.
    ///
    /// - Returns: How many may be open now.
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

    /// Makes the allocator keep up to 4 MiB of freed memory per thread. Otherwise it returns each large message's memory to
    /// the kernel and faults it in again for the next one. Blocks from 2 MiB on are still returned at once.
    package static func keepFreedMemory() {
        strait_keep_freed_memory(2 << 20, 4 << 20)
    }

    /// Lets a write to a connection or pipe that nobody reads fail instead of ending the process.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
