internal import CZlib

/// Which of several Redis servers has what: channels_redis' `_consistent_hash`, so that both sides look in the same
/// place.
package enum ShardHash {
    /// The index of the server that `name` belongs to: the low 12 bits of the CRC-32 of its UTF-8, divided evenly.
    ///
    /// - Precondition: `count` is at least 1.
    package static func shard(of name: String, among count: Int) -> Int {
        precondition(count > 0, "There is no server.")
        if count == 1 { return 0 }
        // In fractions, as in Python: a whole division would put some names elsewhere.
        return Int(Double(crc32(name) & 0xFFF) / (4096 / Double(count)))
    }

    static func crc32(_ name: String) -> UInt {
        // Sound: zlib reads as many bytes as it is told, during the call.
        unsafe name.utf8.span.withUnsafeBufferPointer { bytes in
            unsafe UInt(CZlib.crc32_z(0, bytes.baseAddress, bytes.count))
        }
    }
}
