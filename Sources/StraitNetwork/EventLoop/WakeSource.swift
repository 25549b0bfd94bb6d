internal import Glibc

/// The source that resets the loop's wake-up counter to zero.
final class WakeSource: PollSource {
    let descriptor: Int32
    init(descriptor: Int32) { self.descriptor = descriptor }

    func isReady(_ readiness: Readiness) {
        var count: UInt64 = 0
        // The read fails if another event of the same turn has already reset the counter, so the result is ignored.
        _ = unsafe read(descriptor, &count, 8)
    }
}
