internal import StraitCrypto

/// PBKDF2 with HMAC-SHA256, Django's default, or with HMAC-SHA1; Django's `PBKDF2PasswordHasher` and
/// `PBKDF2SHA1PasswordHasher`.
///
/// A hash is `pbkdf2_sha256$1000000$salt$` followed by 32 bytes in base64.
public struct PBKDF2PasswordHasher: PasswordHasher {
    /// The number of iterations in Django 5.2, the long-term support release. Django 6.0 has 1,200,000 and 6.1 has
    /// 1,500,000.
    public static let standardIterations = 1_000_000
    /// The maximum number of iterations of a hash that is verified, which takes about a minute.
    static let maximumIterations = 100_000_000

    /// `pbkdf2_sha256` or `pbkdf2_sha1`.
    public let algorithm: String
    /// The number of iterations for new hashes.
    public let iterations: Int
    private let digest: PBKDF2.Digest

    /// Creates a hasher.
    ///
    /// - Parameters:
    ///   - iterations: The number of iterations for new hashes. A Django site on the same database must use the same
    ///     number: Django replaces each hash that has a different number, which logs the user out everywhere else.
    ///   - usesSHA1: Whether to use HMAC-SHA1, to verify hashes from other systems.
    public init(iterations: Int = PBKDF2PasswordHasher.standardIterations, usesSHA1: Bool = false) {
        self.iterations = min(max(iterations, 1), Self.maximumIterations)
        digest = usesSHA1 ? .sha1 : .sha256
        algorithm = usesSHA1 ? "pbkdf2_sha1" : "pbkdf2_sha256"
    }

    /// Returns a new hash.
    public func hash(_ password: String) -> String { hash(password, PasswordText.salt(), iterations) ?? "" }

    private func hash(_ password: String, _ salt: String, _ iterations: Int) -> String? {
        guard iterations <= Self.maximumIterations,
            let key = PBKDF2.key(password, salt: salt, iterations: iterations, digest: digest)
        else { return nil }
        return "\(algorithm)$\(iterations)$\(salt)$\(Base64.standard.encode(key.span))"
    }

    /// Whether the password matches `hash`.
    public func verifies(_ password: String, _ hash: String) -> Bool {
        guard let (iterations, salt) = parameters(of: hash), !salt.isEmpty,
            let other = self.hash(password, salt, iterations)
        else { return false }
        return PasswordText.isEqual(hash, other)
    }

    /// Whether the hash has fewer iterations or a shorter salt. A hash with more iterations is kept.
    public func isOutdated(_ hash: String) -> Bool {
        guard let (iterations, salt) = parameters(of: hash) else { return true }
        return iterations < self.iterations || PasswordText.isWeak(salt: salt)
    }

    /// Runs the iterations that `hash` lacks.
    public func hardenRuntime(_ password: String, _ hash: String) {
        guard let (iterations, salt) = parameters(of: hash), iterations < self.iterations else { return }
        _ = self.hash(password, salt, self.iterations - iterations)
    }

    private func parameters(of hash: String) -> (iterations: Int, salt: String)? {
        guard let parts = PasswordText.parts(hash, 4), parts[0] == algorithm,
            let iterations = PasswordText.number(parts[1])
        else { return nil }
        return (iterations, parts[2])
    }
}
