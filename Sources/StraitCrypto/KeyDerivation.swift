internal import COpenSSL

/// The password-based key derivation of PKCS #5 (RFC 8018).
package enum PBKDF2 {
    /// The hash functions that are used.
    package enum Digest: Sendable {
        case sha1, sha256

        /// The number of bytes of a hash.
        package var count: Int { self == .sha1 ? 20 : 32 }
    }

    /// Returns the derived key, with as many bytes as the digest. It takes time in proportion to `iterations`.
    ///
    /// - Returns: Nil if `iterations` is not between 1 and 2^31 - 1.
    package static func key(
        _ password: String, salt: String, iterations: Int, digest: Digest
    ) -> [UInt8]? {
        guard let iterations = Int32(exactly: iterations), iterations > 0 else { return nil }
        let password = Array(password.utf8)
        let salt = Array(salt.utf8)
        var succeeded = false
        let key = unsafe [UInt8](unsafeUninitializedCapacity: digest.count) { target, count in
            // SAFETY: the target has room for the key, and all buffers are valid during the call.
            unsafe password.withUnsafeBufferPointer { password in
                unsafe password.withMemoryRebound(to: CChar.self) { password in
                    unsafe salt.withUnsafeBufferPointer { salt in
                        succeeded =
                            unsafe PKCS5_PBKDF2_HMAC(
                                password.baseAddress, Int32(clamping: password.count), salt.baseAddress,
                                Int32(clamping: salt.count), iterations,
                                digest == .sha1 ? EVP_sha1() : EVP_sha256(), Int32(digest.count), target.baseAddress)
                            == 1
                    }
                }
            }
            count = digest.count
        }
        return succeeded ? key : nil
    }
}

/// The key derivation scrypt (RFC 7914), which takes memory besides time.
package enum Scrypt {
    /// The largest memory that a derivation may take: 1 GiB.
    package static let memoryLimit: UInt64 = 1 << 30

    /// Returns the derived key of `count` bytes. It takes about 128 · `cost` · `blockSize` bytes of memory.
    ///
    /// - Returns: Nil if OpenSSL refuses the parameters, for example because they need more than ``memoryLimit``.
    package static func key(
        _ password: String, salt: String, cost: UInt64, blockSize: UInt64, parallelism: UInt64, count: Int
    ) -> [UInt8]? {
        let password = Array(password.utf8)
        let salt = Array(salt.utf8)
        var succeeded = false
        let key = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, written in
            // SAFETY: the target has room for `count` bytes, and all buffers are valid during the call.
            unsafe password.withUnsafeBufferPointer { password in
                unsafe password.withMemoryRebound(to: CChar.self) { password in
                    unsafe salt.withUnsafeBufferPointer { salt in
                        succeeded =
                            unsafe EVP_PBE_scrypt(
                                password.baseAddress, password.count, salt.baseAddress, salt.count, cost, blockSize,
                                parallelism, memoryLimit, target.baseAddress, count) == 1
                    }
                }
            }
            // A failure leaves the bytes as they are.
            if !succeeded { unsafe target.baseAddress?.initialize(repeating: 0, count: count) }
            written = count
        }
        // OpenSSL keeps its error for the thread otherwise.
        if !succeeded { ERR_clear_error() }
        return succeeded ? key : nil
    }
}
