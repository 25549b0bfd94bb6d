internal import COpenSSL

/// Whether two byte sequences are equal, compared in a time that depends only on their lengths.
///
/// An attacker who measures the time cannot learn how many bytes of a forged signature were right.
package func constantTimeEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    guard !left.isEmpty else { return true }
    // SAFETY: Both addresses are valid for their common count during the call.
    return unsafe left.withUnsafeBytes { left in
        unsafe right.withUnsafeBytes { right in
            unsafe CRYPTO_memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0
        }
    }
}
