internal import StraitCrypto

/// CSRF secrets, and the tokens that prove knowledge of a secret, in Django's format.
///
/// The secret is in a cookie. Each page gets a token: the secret under a new random mask. A compressed page thus
/// reveals nothing about the secret (BREACH). A token is the mask of 32 characters, then the secret shifted by the
/// mask, character by character.
public enum CSRFToken {
    /// The length of a secret, in characters. Django's `CSRF_SECRET_LENGTH`.
    public static let secretLength = 32
    /// The length of a masked token, in characters. Django's `CSRF_TOKEN_LENGTH`.
    public static let tokenLength = 64

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)

    /// A fault in the format of a token or a cookie.
    enum Fault: String, Error {
        case length = "has incorrect length"
        case characters = "has invalid characters"
    }

    /// Returns a new secret. Django's `_get_new_csrf_string`.
    public static func makeSecret(using generator: inout some RandomNumberGenerator) -> String {
        text((0..<secretLength).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
    }

    /// Returns a token for a page, a different one each time. Django's `_mask_cipher_secret`.
    ///
    /// - Precondition: `secret` is 32 ASCII letters and digits.
    public static func mask(_ secret: String, using generator: inout some RandomNumberGenerator) -> String {
        mask(secret, with: makeSecret(using: &generator))
    }

    static func mask(_ secret: String, with mask: String) -> String {
        precondition(
            fault(in: secret) == nil && secret.utf8.count == secretLength,
            "Invalid CSRF secret: expected 32 letters or digits.")
        return mask + text(zip(secret.utf8, mask.utf8).map { alphabet[(index($0) + index($1)) % alphabet.count] })
    }

    /// Returns the secret in a cookie or a token, masked or not; nil if the format is wrong. Django's
    /// `_unmask_cipher_token`.
    public static func secret(of token: String) -> String? {
        guard fault(in: token) == nil else { return nil }
        guard token.utf8.count == tokenLength else { return token }
        let bytes = Array(token.utf8)
        return text(
            zip(bytes[secretLength...], bytes[..<secretLength]).map {
                alphabet[(index($0) - index($1) + alphabet.count) % alphabet.count]
            })
    }

    /// Whether `token`, masked or not, matches `secret`. The comparison takes constant time. Django's
    /// `_does_token_match`.
    public static func matches(_ token: String, _ secret: String) -> Bool {
        guard let own = self.secret(of: token) else { return false }
        return constantTimeEqual(own.utf8.span, secret.utf8.span)
    }

    /// Returns the fault in the format of `token`; nil if there is none. Django's `_check_token_format`.
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
