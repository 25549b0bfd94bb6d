/// The reason that a Fernet token was rejected: the cases behind `InvalidToken` of Python's `cryptography`. Contains
/// neither the token nor a key.
package enum FernetError: Error, Hashable, Sendable {
    /// Not a Fernet token.
    case malformed
    /// No key matches the signature, or the token was changed in transit.
    case unknownKey
    /// The token is older than the allowed number of seconds.
    case expired(seconds: UInt64, allowed: Int)
    /// The token's time lies this many seconds in the future, more than ``FernetKeys/greatestSkew``.
    case future(seconds: UInt64)
}

extension FernetError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "The bytes are not a Fernet token. Encrypt them on the sending side."
        case .unknownKey:
            "No key decrypts the bytes, or they were changed in transit. Give all sides the same keys."
        case .expired(let seconds, let allowed):
            "The bytes were encrypted \(seconds) seconds ago; the limit is \(allowed). Compare the clocks of both "
                + "sides, or receive faster."
        case .future(let seconds):
            "The bytes were encrypted \(seconds) seconds in the future. Set the clocks of both sides."
        }
    }
}
