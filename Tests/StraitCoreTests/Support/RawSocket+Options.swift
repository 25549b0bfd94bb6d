import Glibc
import StraitTesting

/// Socket options.
extension RawSocket {
    /// Whether small writes are sent at once (`TCP_NODELAY`).
    var sendsAtOnce: Bool {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        // SAFETY: the kernel writes at most `length` bytes, the size of `value`.
        return unsafe getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &value, &length) == 0 && value != 0
    }
}
