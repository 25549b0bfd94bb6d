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

    /// Lets a write to a connection or pipe that nobody reads fail instead of ending the process.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
