internal import COpenSSL

/// The hash of FIPS 180-4 with 256 bits.
package enum SHA256 {
    /// The 32 bytes of the hash of `bytes`.
    package static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { target, count in
            // Sound: the target holds the 32 bytes that are written, and both are valid during the call.
            unsafe bytes.withUnsafeBufferPointer { source in
                _ = unsafe COpenSSL.SHA256(source.baseAddress, source.count, target.baseAddress)
            }
            count = Int(SHA256_DIGEST_LENGTH)
        }
    }
}
