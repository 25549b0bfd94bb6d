/// HMAC-SHA256 with keys that are derived from a purpose and a site's secrets: Django's `salted_hmac`.
package struct SaltedHMAC: Sendable {
    /// The derived keys: first that of the current secret, then those of the former secrets.
    private let keys: [[UInt8]]

    /// Creates the keys.
    ///
    /// - Parameters:
    ///   - salt: The purpose. A code for one purpose is not valid for another.
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

    /// Returns the 32-byte authentication code of `text`. Index 0 is the current secret; higher indexes are the former
    /// secrets in order.
    package func code(of text: String, secret index: Int = 0) -> [UInt8] {
        let key = keys[index]
        let message = Array(text.utf8)
        return HMAC.sha256(message.span, key: key.span)
    }
}
