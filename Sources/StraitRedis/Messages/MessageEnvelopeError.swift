package import StraitCrypto

/// Why a payload that was received is not a message.
package enum MessageEnvelopeError: Error, Hashable, Sendable {
    /// It has this many bytes, fewer than the prefix.
    case tooShort(Int)
    /// It cannot be decrypted, or is too old.
    case encryption(FernetError)
    /// It is encrypted, and there are no keys.
    case encrypted
    /// The serializer cannot read it; the text says why.
    case unreadable(String)
    /// What it has for its destination is neither a string nor a list of them.
    case destination
}

extension MessageEnvelopeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooShort(let count):
            "A message from Redis has \(count) bytes, less than the prefix of \(MessageEnvelope.prefixLength) that "
                + "channels_redis.core writes. Give all sides the same BACKEND and random_prefix_length, and each "
                + "backend a prefix of its own for its keys."
        case .encryption(.malformed):
            "A message from Redis is not encrypted, but there are keys to decrypt it with. \(Self.sameKeys)"
        case .encryption(.unknownKey):
            "A message from Redis is encrypted with another key, or was changed on its way. \(Self.sameKeys)"
        case .encryption(.expired(let seconds, let allowed)):
            "A message from Redis was encrypted \(seconds) seconds ago, and \(allowed) are allowed. Receive more "
                + "quickly, raise the expiry on all sides, or compare their clocks."
        case .encryption(.future(let seconds)):
            "A message from Redis was encrypted \(seconds) seconds from now. Compare the clocks of all sides."
        case .encrypted: "A message from Redis is encrypted, but there are no keys. \(Self.sameKeys)"
        case .unreadable(let reason):
            "A message from Redis cannot be read. Give all sides the same BACKEND, serializer_format and "
                + "symmetric_encryption_keys. \(reason)"
        case .destination:
            "A message from Redis has something else under \(MessageEnvelope.destinationKey) than the name of a channel "
                + "or a list of names. See what writes to these keys of Redis besides channels_redis and Strait."
        }
    }

    private static let sameKeys = "Give all sides the same symmetric_encryption_keys."
}
