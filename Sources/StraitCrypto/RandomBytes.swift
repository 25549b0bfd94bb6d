internal import COpenSSL

/// Returns `count` unpredictable characters, each of `characters` with the same probability.
///
/// - Precondition: There are 1 to 256 characters, all ASCII.
package func randomText(_ count: Int, of characters: StaticString) -> String {
    let size = characters.utf8CodeUnitCount
    // Larger numbers are skipped, because they would make some characters more frequent.
    let limit = 256 - 256 % size
    var text: [UInt8] = []
    text.reserveCapacity(count)
    while text.count < count {
        for byte in randomBytes(count * 2) where Int(byte) < limit && text.count < count {
            // SAFETY: the place is in the constant text.
            text.append(unsafe characters.utf8Start[Int(byte) % size])
        }
    }
    return String(decoding: text, as: UTF8.self)
}

/// Returns `count` unpredictable bytes, for keys, tokens and identifiers.
///
/// Terminates the process if the system's generator fails, because a guessable key is worse than no service.
package func randomBytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { target, written in
        // SAFETY: `RAND_bytes` writes exactly the target's `count` bytes, and only during the call.
        let succeeded = unsafe RAND_bytes(target.baseAddress, Int32(count)) == 1
        precondition(count == 0 || succeeded, "The random number generator failed.")
        written = count
    }
}
