package import StraitNetwork

/// Encrypts and signs with the first of several keys and decrypts with any, so that keys can be changed one side after
/// the other: `MultiFernet` of Python's `cryptography`.
///
/// A token is text: URL-safe base64, padded, of `0x80`, the time in 8 bytes, the initialization vector, AES-128-CBC of
/// the bytes, and HMAC-SHA256 of all that.
package struct FernetKeys: Sendable, Hashable {
    private let keys: [FernetKey]

    /// Nil where there are no keys.
    package init?(_ keys: [FernetKey]) {
        if keys.isEmpty { return nil }
        self.keys = keys
    }

    /// Seconds that the clock of the other side may be ahead of ours.
    package static let greatestSkew = 60

    private static let version: UInt8 = 0x80
    /// The version, the time and the initialization vector.
    private static let head = 25
    private static let signature = 32
    private static let text = Base64(urlSafe: true, padding: true)

    /// `plaintext` as a token that says that it was made at `time`, in seconds since 1970, with a random `iv` that
    /// serves for this token alone.
    ///
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

    /// What was encrypted as `token`.
    ///
    /// `timeToLive` is for how many seconds a token is taken; nil takes it whenever it was made. Only with one a token
    /// is refused that was made over ``greatestSkew`` seconds after `now`, in seconds since 1970.
    ///
    /// Base64 is read more strictly than Python does, which skips characters that it does not know and takes both
    /// alphabets: nothing writes such tokens.
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
        // Whoever has the key padded it wrongly.
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
