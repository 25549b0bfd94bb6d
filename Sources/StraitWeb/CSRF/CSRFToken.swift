internal import StraitCrypto

/// The secret of a browser and the tokens that prove that a page knows it, as Django makes them.
///
/// The secret is in a cookie. A page's token is the secret masked anew each time, so that compression gives nothing
/// away about it (BREACH): 32 random characters, and the secret's characters moved on by those.
public enum CSRFToken {
    /// The characters of a secret; Django's `CSRF_SECRET_LENGTH`.
    public static let secretLength = 32
    /// The characters of a masked token; Django's `CSRF_TOKEN_LENGTH`.
    public static let tokenLength = 64

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)

    /// What is wrong with a token or a cookie before it is compared.
    enum Fault: String, Error {
        case length = "has incorrect length"
        case characters = "has invalid characters"
    }

    /// A new secret; Django's `_get_new_csrf_string`.
    public static func makeSecret(using generator: inout some RandomNumberGenerator) -> String {
        text((0..<secretLength).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
    }

    /// A token for a page, another each time; Django's `_mask_cipher_secret`.
    ///
    /// - Precondition: `secret` is 32 letters and digits of ASCII.
    public static func mask(_ secret: String, using generator: inout some RandomNumberGenerator) -> String {
        mask(secret, with: makeSecret(using: &generator))
    }

    static func mask(_ secret: String, with mask: String) -> String {
        precondition(fault(in: secret) == nil && secret.utf8.count == secretLength, "The secret is none.")
        return mask + text(zip(secret.utf8, mask.utf8).map { alphabet[(index($0) + index($1)) % alphabet.count] })
    }

    /// The secret of a cookie or a token, masked or not; nil where it is neither; Django's `_unmask_cipher_token`.
    public static func secret(of token: String) -> String? {
        guard fault(in: token) == nil else { return nil }
        guard token.utf8.count == tokenLength else { return token }
        let bytes = Array(token.utf8)
        return text(
            zip(bytes[secretLength...], bytes[..<secretLength]).map {
                alphabet[(index($0) - index($1) + alphabet.count) % alphabet.count]
            })
    }

    /// Whether `token`, masked or not, stands for `secret`, in a time that does not tell how much of it is right;
    /// Django's
    /// `_does_token_match`.
    public static func matches(_ token: String, _ secret: String) -> Bool {
        guard let own = self.secret(of: token) else { return false }
        return constantTimeEqual(own.utf8.span, secret.utf8.span)
    }

    /// What is wrong with `token` before it is compared; Django's `_check_token_format`.
    static func fault(in token: String) -> Fault? {
        guard [secretLength, tokenLength].contains(token.unicodeScalars.count) else { return .length }
        return token.utf8.allSatisfy(alphabet.contains) ? nil : .characters
    }

    private static func index(_ character: UInt8) -> Int {
        alphabet.firstIndex(of: character) ?? 0
    }

    private static func text(_ characters: [UInt8]) -> String {
        String(decoding: characters, as: UTF8.self)
    }
}
