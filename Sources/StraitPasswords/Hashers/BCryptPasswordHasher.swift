internal import CCrypt
internal import Glibc
internal import StraitCore
internal import StraitCrypto

/// bcrypt of the password's SHA-256 hash, or of the password itself; Django's `BCryptSHA256PasswordHasher` and
/// `BCryptPasswordHasher`.
///
/// A hash is `bcrypt_sha256$` followed by bcrypt's own format: `bcrypt_sha256$$2b$12$`, 22 characters of salt, and 31
/// of hash.
public struct BCryptPasswordHasher: PasswordHasher {
    /// The maximum cost of a hash that is verified, which takes about a minute.
    static let maximumRounds = 20

    /// `bcrypt_sha256` or `bcrypt`.
    public let algorithm: String
    /// The cost of new hashes: the binary logarithm of the number of rounds.
    public let rounds: Int
    private let isHashedFirst: Bool

    /// Creates a hasher.
    ///
    /// - Parameters:
    ///   - rounds: The cost of new hashes, from 4 to 20.
    ///   - isHashedFirst: Whether bcrypt gets the SHA-256 hash of the password. If not, bcrypt uses only the first 72
    ///     bytes of a password, and a password that contains U+0000 matches nothing.
    public init(rounds: Int = 12, isHashedFirst: Bool = true) {
        self.rounds = min(max(rounds, 4), Self.maximumRounds)
        self.isHashedFirst = isHashedFirst
        algorithm = isHashedFirst ? "bcrypt_sha256" : "bcrypt"
    }

    /// Returns a new hash. If bcrypt cannot hash the password, the result is empty and matches no password.
    public func hash(_ password: String) -> String {
        let random = randomBytes(16).map { CChar(bitPattern: $0) }
        var setting = [CChar](repeating: 0, count: 64)
        // SAFETY: both buffers are valid during the call, and their sizes are passed.
        let isMade = unsafe crypt_gensalt_rn("$2b$", UInt(rounds), random, 16, &setting, 64) != nil
        guard isMade, let text = crypt(password, Self.text(setting)) else { return "" }
        return "\(algorithm)$\(text)"
    }

    /// Whether the password matches `hash`.
    public func verifies(_ password: String, _ hash: String) -> Bool {
        guard let rounds = rounds(of: hash), rounds <= Self.maximumRounds else { return false }
        let setting = String(hash.dropFirst(algorithm.count + 1))
        guard let text = crypt(password, setting) else { return false }
        return PasswordText.isEqual(setting, text)
    }

    /// Whether the hash has a different cost.
    public func isOutdated(_ hash: String) -> Bool { rounds(of: hash) != rounds }

    /// Runs the rounds that `hash` lacks.
    public func hardenRuntime(_ password: String, _ hash: String) {
        guard let rounds = rounds(of: hash), (4..<self.rounds).contains(rounds) else { return }
        let setting = String(hash.dropFirst(algorithm.count + 1))
        for _ in 1..<(1 << (self.rounds - rounds)) { _ = crypt(password, setting) }
    }

    private func rounds(of hash: String) -> Int? {
        guard let parts = PasswordText.parts(hash, 5), parts[0] == algorithm, parts[1].isEmpty,
            ["2", "2a", "2b", "2y"].contains(parts[2])
        else { return nil }
        return PasswordText.number(parts[3])
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func crypt(_ password: String, _ setting: String) -> String? {
        let phrase =
            isHashedFirst ? SHA256.hash(Array(password.utf8).span).hexadecimal : password
        guard !phrase.utf8.contains(0), !setting.utf8.contains(0) else { return nil }
        var data: UnsafeMutableRawPointer?
        var size: Int32 = 0
        // SAFETY: `crypt_ra` allocates the memory that it needs and returns a text in it, which is copied before the
        // memory is freed. Both arguments end with a zero.
        defer { unsafe free(data) }
        guard let result = unsafe crypt_ra(phrase, setting, &data, &size) else { return nil }
        let text = unsafe String(cString: result)
        // An error begins with an asterisk.
        return text.hasPrefix("*") ? nil : text
    }
}
