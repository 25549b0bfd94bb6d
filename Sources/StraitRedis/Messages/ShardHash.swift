internal import CZlib

/// The distribution of names among several Redis servers: channels_redis' `_consistent_hash`, so that both sides use
/// the same server.
package enum ShardHash {
    /// Returns the index of the server for `name`: the low 12 bits of the CRC-32 of its UTF-8, scaled to `count`.
    ///
    /// - Precondition: `count` is at least 1.
    package static func shard(of name: String, among count: Int) -> Int {
        precondition(count > 0, "There must be at least one server.")
        if count == 1 { return 0 }
        // In floating point, as in Python: an integer division would give some names another server.
        return Int(Double(crc32(name) & 0xFFF) / (4096 / Double(count)))
    }

    static func crc32(_ name: String) -> UInt {
        // SAFETY: zlib reads exactly `bytes.count` bytes, during the call.
        unsafe name.utf8.span.withUnsafeBufferPointer { bytes in
            unsafe UInt(CZlib.crc32_z(0, bytes.baseAddress, bytes.count))
        }
    }
}
