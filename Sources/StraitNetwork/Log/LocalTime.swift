internal import CLinux

/// The server's local time, for log lines.
package enum LocalTime {
    /// Formats `seconds` since 1970 with `strftime`'s `format`.
    package static func text(_ seconds: Int64, format: String) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            // SAFETY: the call writes at most 64 bytes and returns their number.
            let count = unsafe strait_local_time(seconds, format, buffer.baseAddress, 64)
            return unsafe String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(count)), as: UTF8.self)
        }
    }
}
