internal import StraitCore
internal import StraitCrypto

/// The subject of a count of failed logins: a username from one address, a username, or an address.
struct LoginSubject: Sendable {
    /// The name of the count.
    let key: String
    /// The number of failures after which the next attempt must wait.
    let allowed: Int
    /// Whether a successful login resets the count.
    let endsWithLogin: Bool

    /// Returns the subjects of an attempt. A client without an address, such as one on a Unix socket, is not counted by
    /// address.
    static func all(_ username: String, _ address: String?, _ limits: LoginThrottle.Limits) -> [LoginSubject] {
        var subjects = [
            LoginSubject("both", "\(address ?? "") \(username)", limits.failuresOfUser, endsWithLogin: true),
            LoginSubject("user", username, limits.failuresOfUserAnywhere, endsWithLogin: false),
        ]
        if let address {
            subjects.append(LoginSubject("address", address, limits.failuresOfAddress, endsWithLogin: false))
        }
        return subjects
    }

    private init(_ kind: String, _ name: String, _ allowed: Int, endsWithLogin: Bool) {
        // A digest, because a username may have any length and any characters.
        key = "strait.logins.\(kind).\(SHA256.hash(Bytes(name).span).hexadecimal)"
        self.allowed = allowed
        self.endsWithLogin = endsWithLogin
    }
}
