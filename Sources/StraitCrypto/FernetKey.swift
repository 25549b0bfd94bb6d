/// A key of Fernet: 16 bytes that sign and 16 that encrypt.
package struct FernetKey: Sendable, Hashable {
    /// For HMAC-SHA256.
    let signing: [UInt8]
    /// For AES-128-CBC.
    let encryption: [UInt8]

    /// The key that channels_redis makes of an entry of `symmetric_encryption_keys`: the SHA-256 of its UTF-8. A long
    /// random text is a good one; the hash makes a short one no better.
    package init(derivedFrom secret: String) {
        let digest = SHA256.hash(secret.utf8.span)
        signing = Array(digest[..<16])
        encryption = Array(digest[16...])
    }
}

extension FernetKey: CustomStringConvertible, CustomReflectable {
    /// That it is one, not which: this goes to logs.
    package var description: String { "a key of Fernet" }

    /// Nothing, for the same reason.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
