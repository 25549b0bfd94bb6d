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

/// The SHA-1 hash (RFC 3174), which the WebSocket handshake requires (RFC 6455 §4.2.2).
///
/// SHA-1 is broken for signatures. The handshake only uses it to prove that the server read the request.
package enum SHA1 {
    /// Returns the 20-byte hash of `bytes`.
    package static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Int(SHA_DIGEST_LENGTH)) { target, count in
            // SAFETY: The target has room for the 20 bytes that are written, and both buffers are valid during the
            // call.
            unsafe bytes.withUnsafeBufferPointer { source in
                _ = unsafe COpenSSL.SHA1(source.baseAddress, source.count, target.baseAddress)
            }
            count = Int(SHA_DIGEST_LENGTH)
        }
    }
}

/// The MD5 hash (RFC 1321), from which Django derives names of indexes. It is broken, so it protects nothing.
package enum MD5 {
    /// Returns the 16-byte hash of `bytes`.
    package static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 16) { target, count in
            // SAFETY: The target has room for the 16 bytes that are written, and both buffers are valid during the
            // call.
            unsafe bytes.withUnsafeBufferPointer { source in
                _ = unsafe EVP_Digest(source.baseAddress, source.count, target.baseAddress, nil, EVP_md5(), nil)
            }
            count = 16
        }
    }
}

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

/// Whether two byte sequences are equal, compared in a time that depends only on their lengths.
///
/// An attacker who measures the time cannot learn how many bytes of a forged signature were right.
package func constantTimeEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    guard !left.isEmpty else { return true }
    // SAFETY: Both addresses are valid for their common count during the call.
    return unsafe left.withUnsafeBytes { left in
        unsafe right.withUnsafeBytes { right in
            guard let first = left.baseAddress, let second = right.baseAddress else {
                preconditionFailure("A span that is not empty has an address.")
            }
            return unsafe CRYPTO_memcmp(first, second, left.count) == 0
        }
    }
}
