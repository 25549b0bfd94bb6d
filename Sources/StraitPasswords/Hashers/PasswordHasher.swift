internal import StraitCrypto

/// An algorithm that makes hashes of passwords; Django's `BasePasswordHasher`.
///
/// All methods take long on purpose, so call them through ``PasswordHashers``, which uses threads of its own.
public protocol PasswordHasher: Sendable {
    /// The name of the algorithm, with which its hashes begin: `pbkdf2_sha256`.
    var algorithm: String { get }
    /// Returns the hash of a password with a new random salt, in Django's format.
    func hash(_ password: String) -> String
    /// Whether `hash` is that of a password. False also for a hash that cannot be read.
    func verifies(_ password: String, _ hash: String) -> Bool
    /// Whether a hash of this algorithm should be replaced, because its cost or its salt is too small; Django's
    /// `must_update`.
    func isOutdated(_ hash: String) -> Bool
    /// Takes as long as a hash with the current cost takes longer than `hash` took; Django's `harden_runtime`. So the
    /// time does not tell which users have an old hash.
    func hardenRuntime(_ password: String, _ hash: String)
}

extension PasswordHasher {
    /// Does nothing, for an algorithm whose time cannot be divided.
    public func hardenRuntime(_ password: String, _ hash: String) {}
}

/// The random texts and comparisons of Django's hashes.
enum PasswordText {
    /// Returns a random text of letters and digits; Django's `get_random_string`.
    static func random(_ count: Int) -> String {
        randomText(count, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    }

    /// Returns a salt with at least 128 bits: 22 letters and digits.
    static func salt() -> String { random(22) }

    /// Whether a salt has less than 128 bits, if it is one of letters and digits.
    static func isWeak(salt: String) -> Bool { salt.unicodeScalars.count < 22 }

    /// Whether two texts are equal, compared in a time that depends only on their lengths.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        constantTimeEqual(Array(left.utf8).span, Array(right.utf8).span)
    }

    /// Returns the parts of a hash between its first `count - 1` dollar signs, or nil if there are fewer.
    static func parts(_ hash: String, _ count: Int) -> [String]? {
        let parts = hash.utf8.split(
            separator: UInt8(ascii: "$"), maxSplits: count - 1, omittingEmptySubsequences: false)
        return parts.count == count ? parts.map { String(Substring($0)) } : nil
    }

    /// Returns a number as Python prints it, such as the cost in a hash, or nil for other text.
    static func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
