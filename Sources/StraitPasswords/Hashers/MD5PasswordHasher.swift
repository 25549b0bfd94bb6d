internal import StraitCore
internal import StraitCrypto

/// Salted MD5, which is fast and therefore insecure; Django's `MD5PasswordHasher`. Use it only to speed up tests, or to
/// verify old hashes until the next login replaces them.
///
/// A hash is `md5$salt$` followed by 32 hexadecimal digits.
public struct MD5PasswordHasher: PasswordHasher {
    /// `md5`.
    public var algorithm: String { "md5" }

    /// Creates a hasher.
    public init() {}

    /// Returns a new hash.
    public func hash(_ password: String) -> String { hash(password, PasswordText.salt()) }

    private func hash(_ password: String, _ salt: String) -> String {
        "md5$\(salt)$\(MD5.hash(Array((salt + password).utf8).span).hexadecimal)"
    }

    /// Whether the password matches `hash`.
    public func verifies(_ password: String, _ hash: String) -> Bool {
        guard let parts = PasswordText.parts(hash, 3), parts[0] == algorithm, !parts[1].isEmpty else { return false }
        return PasswordText.isEqual(hash, self.hash(password, parts[1]))
    }

    /// Whether the salt is too short.
    public func isOutdated(_ hash: String) -> Bool {
        PasswordText.parts(hash, 3).map { PasswordText.isWeak(salt: $0[1]) } ?? true
    }
}
