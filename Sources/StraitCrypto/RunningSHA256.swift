internal import COpenSSL

/// A SHA-256 hash (FIPS 180-4) of bytes that arrive in pieces.
///
/// SAFETY: the context belongs to the value alone, from `init` to `deinit`, because the value cannot be copied.
@safe package struct RunningSHA256: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer

    package init() {
        guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("OpenSSL has no memory for a hash.")
        }
        unsafe self.context = unsafe context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        // SAFETY: the buffer is valid during the call.
        unsafe bytes.withUnsafeBufferPointer { _ = unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    }

    /// Returns the 32-byte hash of all bytes, and begins again.
    package mutating func finish() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { target, count in
            // SAFETY: the target has room for the 32 bytes that are written.
            _ = unsafe EVP_DigestFinal_ex(context, target.baseAddress, nil)
            _ = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
            count = 32
        }
    }
}
