/// Why a token of Fernet is not taken: what `cryptography` calls `InvalidToken`, told apart. It quotes neither the
/// token nor a key.
package enum FernetError: Error, Hashable, Sendable {
    /// It is no token at all.
    case malformed
    /// None of the keys signed it, or it was changed on its way.
    case unknownKey
    /// It was made more than the allowed seconds ago.
    case expired(seconds: UInt64, allowed: Int)
    /// It was made this many seconds from now, more than ``FernetKeys/greatestSkew``.
    case future(seconds: UInt64)
}

extension FernetError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "The bytes are not encrypted as Fernet does. Encrypt them on the side that sends."
        case .unknownKey:
            "None of the keys decrypts the bytes, or they were changed on their way. Give all sides the same keys."
        case .expired(let seconds, let allowed):
            "The bytes were encrypted \(seconds) seconds ago, \(allowed) are allowed. Compare the clocks of both sides, "
                + "and see whether they are received quickly enough."
        case .future(let seconds):
            "The bytes were encrypted \(seconds) seconds from now. Set the clocks of both sides."
        }
    }
}
