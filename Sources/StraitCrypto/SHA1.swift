internal import COpenSSL

/// The hash that the WebSocket handshake is defined with (RFC 3174, RFC 6455 §4.2.2). Broken as a signature; here it
/// only proves that the other side read the request.
package enum SHA1 {
    /// The 20 bytes of the hash of `bytes`.
    package static func hash(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Int(SHA_DIGEST_LENGTH)) { target, count in
            // Sound: the target holds the 20 bytes that are written, and both are valid during the call.
            unsafe bytes.withUnsafeBufferPointer { source in
                _ = unsafe COpenSSL.SHA1(source.baseAddress, source.count, target.baseAddress)
            }
            count = Int(SHA_DIGEST_LENGTH)
        }
    }
}
