internal import StraitCrypto

/// An algorithm that makes hashes of passwords; Django's `BasePasswordHasher`.
///
/// Hashing is slow on purpose, so call the methods through ``PasswordHashers``, which uses its own threads.
public protocol PasswordHasher: Sendable {
    /// The name of the algorithm, which is the prefix of its hashes, such as `pbkdf2_sha256`.
    var algorithm: String { get }
    /// Returns the hash of a password with a new random salt, in Django's format.
    func hash(_ password: String) -> String
    /// Whether a password matches `hash`. False if the hash cannot be parsed.
    func verifies(_ password: String, _ hash: String) -> Bool
    /// Whether a hash of this algorithm should be replaced, because its cost or its salt is too small; Django's
    /// `must_update`.
    func isOutdated(_ hash: String) -> Bool
    /// Spends the additional time that a hash with the current cost takes, compared with `hash`; Django's
    /// `harden_runtime`. The time of a login then does not reveal which users have an old hash.
    func hardenRuntime(_ password: String, _ hash: String)
}

extension PasswordHasher {
    /// Does nothing, for algorithms whose work cannot be split.
    public func hardenRuntime(_ password: String, _ hash: String) {}
}

/// Helpers for Django's hashes: random text, comparison and parsing.
enum PasswordText {
    /// Returns random letters and digits; Django's `get_random_string`.
    static func random(_ count: Int) -> String {
        randomText(count, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    }

    /// Returns a salt with at least 128 bits: 22 letters and digits.
    static func salt() -> String { random(22) }

    /// Whether a salt of letters and digits has less than 128 bits.
    static func isWeak(salt: String) -> Bool { salt.unicodeScalars.count < 22 }

    /// Whether two texts are equal, compared in a time that depends only on their lengths.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        constantTimeEqual(Array(left.utf8).span, Array(right.utf8).span)
    }

    /// Splits a hash at its first `count - 1` dollar signs. Returns nil if there are fewer.
    static func parts(_ hash: String, _ count: Int) -> [String]? {
        let parts = hash.utf8.split(
            separator: UInt8(ascii: "$"), maxSplits: count - 1, omittingEmptySubsequences: false)
        return parts.count == count ? parts.map { String(Substring($0)) } : nil
    }

    /// Reads a decimal number, such as the cost in a hash. Returns nil for other text.
    static func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
