internal import COpenSSL

/// The SHA-256 hash (FIPS 180-4).
package enum SHA256 {
    /// Returns the 32-byte hash of `bytes`.
    package static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { target, count in
            // SAFETY: The target has room for the 32 bytes that are written, and both buffers are valid during the
            // call.
            unsafe bytes.withUnsafeBufferPointer { source in
                _ = unsafe COpenSSL.SHA256(source.baseAddress, source.count, target.baseAddress)
            }
            count = Int(SHA256_DIGEST_LENGTH)
        }
    }
}
