internal import StraitCore
internal import StraitCrypto

/// The hash of a user's password that a session has. When the password changes, all sessions of the user end; Django's
/// `get_session_auth_hash`.
struct SessionHash: Sendable {
    private let hmac: SaltedHMAC

    init(key: String, fallbackKeys: [String]) {
        hmac = SaltedHMAC(
            salt: "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash", secret: key,
            formerSecrets: fallbackKeys)
    }

    /// Returns the hash with the current key: 64 hexadecimal digits.
    func hash(_ password: String) -> String { hmac.code(of: password).hexadecimal }

    /// The key with which a session's hash was made.
    enum Match {
        case current, former, none
    }

    /// Compares the hash of a session with a password's.
    func match(_ given: String, _ password: String) -> Match {
        for index in 0..<hmac.count {
            let own = hmac.code(of: password, secret: index).hexadecimal
            if constantTimeEqual(Array(given.utf8).span, Array(own.utf8).span) {
                return index == 0 ? .current : .former
            }
        }
        return .none
    }
}
