public import Foundation
package import StraitCore

/// A signer that adds the time to text and values, in the format of Django's `django.core.signing.TimestampSigner`.
///
/// ```swift
/// let signer = try request.timestampSigner(salt: "download")
/// let token = signer.sign("report.pdf")                              // report.pdf:1vOr7W:3iR…
/// let name = try signer.unsign(token, maxAge: .seconds(3600))
/// ```
///
/// With the salt `django.core.signing`, `signObject` and `unsignObject` are Django's `signing.dumps` and
/// `signing.loads`.
public struct TimestampSigner: Sendable {
    private let signer: Signer
    private let now: @Sendable () -> Date

    /// Creates a signer.
    ///
    /// - Parameters:
    ///   - key: The secret that values are signed with.
    ///   - fallbackKeys: Former secrets, whose signatures are still accepted.
    ///   - salt: The purpose of the signatures.
    ///   - now: Returns the current time. A test can replace it.
    public init(
        key: String, fallbackKeys: [String] = [], salt: String = "django.core.signing.TimestampSigner",
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        signer = Signer(key: key, fallbackKeys: fallbackKeys, salt: salt)
        self.now = now
    }

    /// The purpose of the signatures. A signature with one salt is not valid with another.
    public var salt: String { signer.salt }

    /// Returns `value`, the time in seconds, and the signature of both, separated by colons.
    public func sign(_ value: String) -> String {
        signer.sign(value + ":" + Base62.encode(Int64(now().timeIntervalSince1970)))
    }

    /// Checks the signature and the age, and returns the value.
    ///
    /// - Parameters:
    ///   - signed: The text that ``sign(_:)`` returned.
    ///   - maxAge: The largest age that is accepted; nil for any.
    /// - Throws: ``SigningError``: a bad signature, or ``SigningError/Code/expired``.
    public func unsign(_ signed: String, maxAge: Duration? = nil) throws(SigningError) -> String {
        let stamped = try signer.unsign(signed)
        guard let colon = stamped.utf8.lastIndex(of: UInt8(ascii: ":")),
            let time = Base62.decode(stamped[stamped.utf8.index(after: colon)...])
        else {
            throw SigningError(.badSignature, "The signed value has no time: it was signed without one.")
        }
        let age = now().timeIntervalSince1970 - Double(time)
        if let maxAge, age > maxAge / .seconds(1) {
            let seconds = Int(min(age, 1e15))
            throw SigningError(.expired, "The signed value is \(seconds) seconds old; at most \(maxAge) are allowed.")
        }
        return String(stamped[..<colon])
    }

    /// Encodes `value` as JSON and signs it with the time. Django's `sign_object` and `signing.dumps`.
    ///
    /// - Parameters:
    ///   - value: The value to sign.
    ///   - compress: Whether to compress the value if that makes it shorter.
    /// - Throws: `EncodingError` if JSON cannot represent the value.
    public func signObject(_ value: some Encodable, compress: Bool = false) throws -> String {
        sign(try Signer.text(of: value, compress: compress))
    }

    /// Checks the signature and the age, and decodes the value. Django's `unsign_object` and `signing.loads`.
    ///
    /// - Parameters:
    ///   - type: The type of the value.
    ///   - signed: The text that ``signObject(_:compress:)`` returned.
    ///   - maxAge: The largest age that is accepted; nil for any.
    /// - Throws: ``SigningError``; `DecodingError` or `JSONError` if the signed value has another type.
    public func unsignObject<Value: Decodable>(
        _ type: Value.Type = Value.self, from signed: String, maxAge: Duration? = nil
    ) throws -> Value {
        try Signer.value(type, of: try unsign(signed, maxAge: maxAge))
    }

    /// Signs JSON with the time. JSON that is not ASCII gets escapes, as Python writes it.
    package func sign(json: Bytes, compress: Bool) throws -> String {
        sign(try Signer.text(ofJSON: json, compress: compress))
    }

    /// Checks the signature and the age, and returns the JSON.
    package func unsignJSON(from signed: String, maxAge: Duration? = nil) throws(SigningError) -> Bytes {
        try Signer.json(of: try unsign(signed, maxAge: maxAge))
    }
}

/// Integers in base 62, with the digits 0-9, A-Z and a-z, as in Django's timestamps.
enum Base62 {
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func encode(_ number: Int64) -> String {
        if number == 0 { return "0" }
        var rest = number.magnitude
        var text: [UInt8] = []
        while rest > 0 {
            text.append(digits[Int(rest % 62)])
            rest /= 62
        }
        return (number < 0 ? "-" : "") + String(decoding: text.reversed(), as: UTF8.self)
    }

    /// Returns nil if the text is not a number, or does not fit into 64 bits.
    static func decode(_ text: Substring) -> Int64? {
        var bytes = text.utf8[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        if bytes.isEmpty { return nil }
        var number: Int64 = 0
        for byte in bytes {
            guard let digit = digits.firstIndex(of: byte) else { return nil }
            let (product, isLarge) = number.multipliedReportingOverflow(by: 62)
            let (sum, isLarger) = product.addingReportingOverflow(Int64(digit))
            if isLarge || isLarger { return nil }
            number = sum
        }
        return isNegative ? -number : number
    }
}
