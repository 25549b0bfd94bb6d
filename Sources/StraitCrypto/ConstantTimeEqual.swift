internal import COpenSSL

/// Whether both hold the same bytes, found out in a time that depends on their lengths alone: an attacker who measures
/// learns nothing about how much of a forged signature was right.
package func constantTimeEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    guard !left.isEmpty else { return true }
    // Sound: both addresses are valid for the count that they share.
    return unsafe left.withUnsafeBytes { left in
        unsafe right.withUnsafeBytes { right in
            unsafe CRYPTO_memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0
        }
    }
}
