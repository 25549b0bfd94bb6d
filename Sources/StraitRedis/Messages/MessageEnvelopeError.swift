package import StraitCrypto

/// The reason that a received payload is not a valid message.
package enum MessageEnvelopeError: Error, Hashable, Sendable {
    /// The payload is shorter than the prefix: it has this many bytes.
    case tooShort(Int)
    /// The payload cannot be decrypted, or is too old.
    case encryption(FernetError)
    /// The payload is encrypted, but there are no keys.
    case encrypted
    /// The serializer cannot read the payload, for the given reason.
    case unreadable(String)
    /// The destination is neither a string nor a list of strings.
    case destination
}

extension MessageEnvelopeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooShort(let count):
            "A message from Redis has \(count) bytes, less than the prefix of \(MessageEnvelope.prefixLength) that "
                + "channels_redis.core writes. Give all sides the same BACKEND and random_prefix_length, and each "
                + "backend a different prefix setting."
        case .encryption(.malformed):
            "A message from Redis is not encrypted, but there are keys to decrypt it with. \(Self.sameKeys)"
        case .encryption(.unknownKey):
            "A message from Redis is encrypted with another key, or was changed in transit. \(Self.sameKeys)"
        case .encryption(.expired(let seconds, let allowed)):
            "A message from Redis was encrypted \(seconds) seconds ago; the limit is \(allowed). Receive faster, "
                + "raise the expiry on all sides, or compare their clocks."
        case .encryption(.future(let seconds)):
            "A message from Redis was encrypted \(seconds) seconds in the future. Compare the clocks of all sides."
        case .encrypted: "A message from Redis is encrypted, but there are no keys. \(Self.sameKeys)"
        case .unreadable(let reason):
            "A message from Redis cannot be read. Give all sides the same BACKEND, serializer_format and "
                + "symmetric_encryption_keys. \(reason)"
        case .destination:
            "A message from Redis has an invalid \(MessageEnvelope.destinationKey): expected a channel name or a list "
                + "of names. Check whether another program writes to these Redis keys."
        }
    }

    private static let sameKeys = "Give all sides the same symmetric_encryption_keys."
}
