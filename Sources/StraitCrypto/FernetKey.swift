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
