/// HMAC-SHA256 with keys that are derived from a purpose and a site's secrets: Django's `salted_hmac`.
package struct SaltedHMAC: Sendable {
    /// The derived keys: that of the current secret, then those of former ones.
    private let keys: [[UInt8]]

    /// Creates the keys.
    ///
    /// - Parameters:
    ///   - salt: The purpose, so that a code for one is not valid for another.
    ///   - secret: The current secret.
    ///   - formerSecrets: Secrets whose codes are still accepted.
    package init(salt: String, secret: String, formerSecrets: [String] = []) {
        keys = ([secret] + formerSecrets).map {
            let bytes = Array((salt + $0).utf8)
            return SHA256.hash(bytes.span)
        }
    }

    /// The number of secrets.
    package var count: Int { keys.count }

    /// Returns the 32 bytes of the code of `text`, with the current secret or the former one at `index` - 1.
    package func code(of text: String, secret index: Int = 0) -> [UInt8] {
        let key = keys[index]
        let message = Array(text.utf8)
        return HMAC.sha256(message.span, key: key.span)
    }
}
