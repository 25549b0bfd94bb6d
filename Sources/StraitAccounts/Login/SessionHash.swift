internal import StraitCore
internal import StraitCrypto

/// The hash of a user's password, stored in each of the user's sessions; Django's `get_session_auth_hash`. When the
/// password changes, all of these sessions end.
struct SessionHash: Sendable {
    private let hmac: SaltedHMAC

    /// Whether the key is empty, so that anyone could make a hash.
    let isUnsafe: Bool

    init(key: String, fallbackKeys: [String]) {
        isUnsafe = key.isEmpty
        hmac = SaltedHMAC(
            salt: "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash", secret: key,
            formerSecrets: fallbackKeys)
    }

    /// Returns the hash with the current key: 64 hexadecimal digits.
    func hash(_ password: String) -> String { hmac.code(of: password).hexadecimal }

    /// The kind of key that made a session's hash.
    enum Match {
        case current, former, none
    }

    /// Compares a session's hash with the hash of a password.
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
