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
                    unsafe Unmanaged<Watch>.fromOpaque(argument!).takeRetainedValue().run()
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
