internal import CLinux

/// The time of day where the server stands, as log lines have it.
package enum LocalTime {
    /// `seconds` since 1970 in `strftime`'s `format`.
    package static func text(_ seconds: Int64, format: String) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            // Sound: the call writes at most 64 bytes and says how many.
            let count = unsafe strait_local_time(seconds, format, buffer.baseAddress, 64)
            return unsafe String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(count)), as: UTF8.self)
        }
    }
}
