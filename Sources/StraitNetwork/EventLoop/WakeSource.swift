internal import Glibc

/// Reads the loop's wake-up counter back to zero.
final class WakeSource: PollSource {
    let descriptor: Int32
    init(descriptor: Int32) { self.descriptor = descriptor }

    func isReady(_ readiness: Readiness) {
        var count: UInt64 = 0
        // Nothing to read is no news either: another event of the same turn emptied it.
        _ = unsafe read(descriptor, &count, 8)
    }
}
