internal import StraitCompression
public import StraitCore
internal import StraitCrypto
internal import StraitJSON

/// A signer for text and values. It uses a site's `SECRET_KEY` and the format of Django's
/// `django.core.signing.Signer`. Strait and Django accept each other's signatures, given the same key and salt.
///
/// ```swift
/// let signer = try request.signer(salt: "unsubscribe")
/// let token = signer.sign("ann@example.com")          // ann@example.com:Zl6…
/// let address = try signer.unsign(token)
/// ```
///
/// A signature proves that a holder of the key signed the value. It does not hide the value. Signatures with former
/// keys, `SECRET_KEY_FALLBACKS`, are still accepted, but new ones use only the current key.
public struct Signer: Sendable {
    /// The purpose of the signatures. A signature with one salt is not valid with another.
    public let salt: String
    private let hmac: SaltedHMAC

    /// Creates a signer.
    ///
    /// - Parameters:
    ///   - key: The secret that values are signed with.
    ///   - fallbackKeys: Former secrets, whose signatures are still accepted.
    ///   - salt: The purpose of the signatures. The default is Django's: the name of its class.
    public init(key: String, fallbackKeys: [String] = [], salt: String = "django.core.signing.Signer") {
        self.salt = salt
        hmac = SaltedHMAC(salt: salt + "signer", secret: key, formerSecrets: fallbackKeys)
    }

    // MARK: Text

    /// Returns `value` and its signature, separated by a colon.
    public func sign(_ value: String) -> String {
        value + ":" + signature(of: value, secret: 0)
    }

    /// Checks the signature and returns the value.
    ///
    /// - Throws: ``SigningError/Code/badSignature``.
    public func unsign(_ signed: String) throws(SigningError) -> String {
        guard let colon = signed.utf8.lastIndex(of: UInt8(ascii: ":")) else {
            throw SigningError(.badSignature, "There is no ':' in the signed value: it is unsigned or cut off.")
        }
        let value = String(signed[..<colon])
        let given = Array(signed.utf8[signed.utf8.index(after: colon)...])
        for index in 0..<hmac.count {
            let own = Array(signature(of: value, secret: index).utf8)
            if constantTimeEqual(own.span, given.span) { return value }
        }
        throw SigningError(
            .badSignature, "The signature does not match: the value was changed, or another key or salt signed it.")
    }

    private func signature(of value: String, secret index: Int) -> String {
        Base64.urlSafe.encode(hmac.code(of: value, secret: index).span)
    }

    // MARK: Values

    /// Encodes `value` as JSON and signs it. Django's `sign_object`.
    ///
    /// - Parameters:
    ///   - value: The value to sign.
    ///   - compress: Whether to compress the value if that makes it shorter.
    /// - Throws: `EncodingError` if JSON cannot represent the value.
    public func signObject(_ value: some Encodable, compress: Bool = false) throws -> String {
        sign(try Self.text(of: value, compress: compress))
    }

    /// Checks the signature and decodes the value. Django's `unsign_object`.
    ///
    /// - Throws: ``SigningError``; `DecodingError` or `JSONError` if the signed value has another type.
    public func unsignObject<Value: Decodable>(_ type: Value.Type = Value.self, from signed: String) throws -> Value {
        try Self.value(type, of: try unsign(signed))
    }

    /// The largest size of a decompressed value, in bytes: 16 MiB.
    private static let limit = 16 << 20

    /// Returns `value` as base64 of its JSON. The JSON is ASCII, as Python writes it. A leading dot marks a compressed
    /// value.
    static func text(of value: some Encodable, compress: Bool) throws -> String {
        try text(ofJSON: try JSONCoder().encode(value), compress: compress)
    }

    static func text(ofJSON json: Bytes, compress: Bool) throws -> String {
        let json = json.asciiJSON
        if compress {
            let small = try ZlibFormat.compress(json.span)
            if small.count < json.count - 1 { return "." + Base64.urlSafe.encode(small.span) }
        }
        return Base64.urlSafe.encode(json.span)
    }

    static func value<Value: Decodable>(_ type: Value.Type, of text: String) throws -> Value {
        try JSONCoder().decode(type, from: json(of: text))
    }

    static func json(of text: String) throws(SigningError) -> Bytes {
        let isCompressed = text.utf8.first == UInt8(ascii: ".")
        guard var bytes = Base64.urlSafe.decode(isCompressed ? String(text.dropFirst()) : text).map({ Bytes($0) })
        else {
            throw SigningError(.undecodable, "The signed value is not base64: it was not signed as an object.")
        }
        if isCompressed {
            do {
                bytes = try ZlibFormat.expand(bytes.span, limit: limit)
            } catch {
                throw SigningError(
                    .undecodable,
                    error == .tooLarge
                        ? "The signed value expands to more than \(limit) bytes."
                        : "The signed value cannot be expanded: it was not signed as an object.")
            }
        }
        return bytes
    }
}

/// An error for a signed value that is not accepted.
public struct SigningError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Hashable, Sendable {
        /// The value was changed, or signed with another key or salt. Django's `BadSignature`.
        case badSignature
        /// The value is older than allowed. Django's `SignatureExpired`.
        case expired
        /// The signature is valid, but the value was not signed as an object.
        case undecodable
    }

    /// The kind of error.
    public let code: Code
    /// The problem, in a sentence. It reveals nothing about the keys.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension ServiceProvider {
    /// Creates a signer with the site's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
    ///
    /// - Parameter salt: The purpose of the signatures. A signature with one salt is not valid with another.
    /// - Throws: ``/StraitWeb/SiteError`` outside a site, or if the site has no `SECRET_KEY`.
    public func signer(salt: String) throws(SiteError) -> Signer {
        let settings = try signingSettings()
        return Signer(key: settings.secretKey, fallbackKeys: settings.secretKeyFallbacks, salt: salt)
    }

    /// Creates a signer that adds the time, with the site's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
    ///
    /// - Parameter salt: The purpose of the signatures. A signature with one salt is not valid with another.
    /// - Throws: ``/StraitWeb/SiteError`` outside a site, or if the site has no `SECRET_KEY`.
    public func timestampSigner(salt: String) throws(SiteError) -> TimestampSigner {
        let settings = try signingSettings()
        return TimestampSigner(key: settings.secretKey, fallbackKeys: settings.secretKeyFallbacks, salt: salt)
    }

    private func signingSettings() throws(SiteError) -> Settings {
        guard let settings = site?.settings else { throw SiteError.noSite(asking: "a signer") }
        if settings.secretKey.isEmpty { throw SiteError.noSecretKey }
        return settings
    }
}
