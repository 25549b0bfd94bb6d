internal import COpenSSL

/// `count` bytes that nobody can guess, for keys, tokens and identifiers.
///
/// Stops the process where the system's generator fails: a guessable key is worse than no service.
package func randomBytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { target, written in
        // Sound: exactly the target's bytes are written, during the call.
        let succeeded = unsafe RAND_bytes(target.baseAddress, Int32(count)) == 1
        precondition(count == 0 || succeeded, "The random number generator failed.")
        written = count
    }
}
