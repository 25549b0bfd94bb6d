internal import StraitCore
internal import StraitCrypto

/// The hash of a user's password that a session has. When the password changes, all sessions of the user end; Django's
/// `get_session_auth_hash`.
struct SessionHash: Sendable {
    /// The HMAC keys of `SECRET_KEY` and of each former key.
    private let keys: [[UInt8]]

    private static let salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"

    init(key: String, fallbackKeys: [String]) {
        keys = ([key] + fallbackKeys).map { SHA256.hash(Array((Self.salt + $0).utf8).span) }
    }

    /// Returns the hash with the current key: 64 hexadecimal digits.
    func hash(_ password: String) -> String { hash(password, keys[0]) }

    private func hash(_ password: String, _ key: [UInt8]) -> String {
        HMAC.sha256(Array(password.utf8).span, key: key.span).hexadecimal
    }

    /// The key with which a session's hash was made.
    enum Match {
        case current, former, none
    }

    /// Compares the hash of a session with a password's.
    func match(_ given: String, _ password: String) -> Match {
        for (index, key) in keys.enumerated()
        where constantTimeEqual(Array(given.utf8).span, Array(hash(password, key).utf8).span) {
            return index == 0 ? .current : .former
        }
        return .none
    }
}
