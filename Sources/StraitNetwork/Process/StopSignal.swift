internal import CLinux
internal import Glibc

/// The first Ctrl-C or `kill` of a process, which is a wish rather than an end. A second one ends it as usual.
///
/// The wait is a thread of its own that sleeps in `read`, so that neither the main thread nor a loop waits for it.
package struct StopSignal: Sendable {
    private let descriptor: Int32

    /// Begins to catch SIGINT and SIGTERM; to be made once a process.
    package init() {
        descriptor = strait_watch_stop_signals()
        precondition(descriptor >= 0, "No descriptor is left for a pipe to hear of signals.")
    }

    /// Returns when one of the signals came, at once where it did before.
    package func wait() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let watch = Watch(descriptor: descriptor, continuation: continuation)
            // Sound: the retained reference is taken back by the thread, exactly once.
            let box = unsafe Unmanaged.passRetained(watch).toOpaque()
            var thread = pthread_t()
            let result = unsafe pthread_create(
                &thread, nil,
                { argument in
                    unsafe strait_name_thread("strait-signals")
                    unsafe Unmanaged<Watch>.fromOpaque(argument!).takeRetainedValue().run()
                    return nil
                }, box)
            precondition(result == 0, "The thread that hears of signals could not be started (error \(result)).")
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
