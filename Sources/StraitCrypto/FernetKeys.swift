package import StraitCore

/// A list of Fernet keys: `MultiFernet` of Python's `cryptography`. The first key encrypts and signs, and every key
/// decrypts, so the sides can change keys one after the other.
///
/// A token is URL-safe base64 text with padding. It contains `0x80`, the time in 8 bytes, the initialization vector,
/// the AES-128-CBC ciphertext, and an HMAC-SHA256 of everything before it.
package struct FernetKeys: Sendable, Hashable {
    private let keys: [FernetKey]

    /// Creates a list of keys. The result is nil if `keys` is empty.
    package init?(_ keys: [FernetKey]) {
        if keys.isEmpty { return nil }
        self.keys = keys
    }

    /// The number of seconds that the other side's clock may be ahead of this one.
    package static let greatestSkew = 60

    private static let version: UInt8 = 0x80
    /// The length of the version, the time and the initialization vector, in bytes.
    private static let head = 25
    /// The length of the signature, in bytes.
    private static let signature = 32
    private static let text = Base64(urlSafe: true, padding: true)

    /// Returns `plaintext` encrypted as a token.
    ///
    /// - Parameters:
    ///   - time: The time that the token states, in seconds since 1970.
    ///   - iv: A random initialization vector that is used for this token only.
    /// - Precondition: `iv` is 16 bytes.
    package func encrypt(_ plaintext: Span<UInt8>, at time: Int64, iv: Span<UInt8>) -> Bytes {
        let key = keys[0]
        let ciphertext = AESCBC.encrypt(plaintext, key: key.encryption.span, iv: iv)
        var token = ByteBuffer(capacity: Self.head + ciphertext.count + Self.signature)
        token.append(Self.version)
        token.append(UInt64(max(0, time)).byteSwapped, count: 8)
        token.append(iv)
        token.append(ciphertext.span)
        token.append(HMAC.sha256(token.span, key: key.signing.span).span)
        return Bytes(Self.text.characters(for: token.span))
    }

    /// Returns the plaintext of `token`.
    ///
    /// Base64 is read more strictly than in Python, which skips unknown characters and accepts both alphabets. No known
    /// implementation writes such tokens.
    ///
    /// - Parameters:
    ///   - now: The current time, in seconds since 1970.
    ///   - timeToLive: The maximum age of the token, in seconds. If nil, the token's time is not checked. Otherwise a
    ///     token from more than ``greatestSkew`` seconds in the future is rejected too.
    package func decrypt(
        _ token: Span<UInt8>, now: Int64, timeToLive: Int? = nil
    ) throws(FernetError) -> Bytes {
        guard token.count % 4 == 0, let bytes = Self.text.decode(token), bytes.first == Self.version,
            bytes.count >= Self.head + AESCBC.blockSize + Self.signature,
            (bytes.count - Self.head - Self.signature) % AESCBC.blockSize == 0
        else { throw .malformed }
        let end = bytes.count - Self.signature
        let key = keys.first { key in
            constantTimeEqual(
                HMAC.sha256(bytes.span.extracting(..<end), key: key.signing.span).span, bytes.span.extracting(end...))
        }
        guard let key else { throw .unknownKey }
        if let timeToLive {
            try Self.check(bytes[1..<9].reduce(0) { $0 << 8 | UInt64($1) }, now: now, timeToLive: timeToLive)
        }
        let plaintext = AESCBC.decrypt(
            bytes.span.extracting(Self.head..<end), key: key.encryption.span, iv: bytes.span.extracting(9..<Self.head))
        // The signature is valid, so the sender padded the plaintext wrongly.
        guard let plaintext else { throw .malformed }
        return Bytes(plaintext)
    }

    private static func check(_ time: UInt64, now: Int64, timeToLive: Int) throws(FernetError) {
        let now = UInt64(max(0, now))
        if time < now, now - time > UInt64(max(0, timeToLive)) {
            throw .expired(seconds: now - time, allowed: timeToLive)
        }
        if time > now, time - now > UInt64(greatestSkew) { throw .future(seconds: time - now) }
    }
}

/// A Fernet key: 16 bytes for signing and 16 for encryption.
package struct FernetKey: Sendable, Hashable {
    /// The key for HMAC-SHA256.
    let signing: [UInt8]
    /// The key for AES-128-CBC.
    let encryption: [UInt8]

    /// Derives the key as channels_redis does from an entry of `symmetric_encryption_keys`: it is the SHA-256 of the
    /// UTF-8 text.
    ///
    /// Use a long random text. Hashing does not make a short text more secure.
    package init(derivedFrom secret: String) {
        let digest = SHA256.hash(secret.utf8.span)
        signing = Array(digest[..<16])
        encryption = Array(digest[16...])
    }
}

extension FernetKey: CustomStringConvertible, CustomReflectable {
    /// A fixed text without the key's bytes, because it may be logged.
    package var description: String { "a Fernet key" }

    /// An empty mirror, because `dump` would show the key.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

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
