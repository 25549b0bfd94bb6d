internal import COpenSSL

/// A keyed hash (RFC 2104): it can be computed only with the key.
package enum HMAC {
    /// Returns the 32 bytes of HMAC-SHA256 of `message` under `key`. Compare them with ``constantTimeEqual(_:_:)``.
    package static func sha256(_ message: Span<UInt8>, key: Span<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { target, count in
            // SAFETY: The target has room for the 32 bytes that are written, and all three buffers are valid during the
            // call. An empty key still needs an address: OpenSSL would reuse the key of an earlier call if it were
            // null.
            unsafe key.withUnsafeBufferPointer { key in
                unsafe message.withUnsafeBufferPointer { message in
                    unsafe withUnsafePointer(to: UInt8(0)) { nothing in
                        _ = unsafe COpenSSL.HMAC(
                            EVP_sha256(), key.baseAddress ?? nothing, Int32(key.count),
                            message.baseAddress ?? nothing, message.count, target.baseAddress, nil)
                    }
                }
            }
            count = Int(SHA256_DIGEST_LENGTH)
        }
    }
}
