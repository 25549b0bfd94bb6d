internal import COpenSSL

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
