internal import COpenSSL

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
