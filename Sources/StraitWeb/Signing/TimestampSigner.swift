public import Foundation

/// Signs text and values together with the time, in the format of Django's `django.core.signing.TimestampSigner`.
///
/// ```swift
/// let signer = try request.timestampSigner(salt: "download")
/// let token = signer.sign("report.pdf")                              // report.pdf:1vOr7W:3iR…
/// let name = try signer.unsign(token, maxAge: .seconds(3600))
/// ```
///
/// With the salt `django.core.signing`, `signObject` and `unsignObject` are Django's `signing.dumps` and `signing.loads`.
public struct TimestampSigner: Sendable {
    private let signer: Signer
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - key: The secret that values are signed with.
    ///   - fallbackKeys: Former secrets, whose signatures are still believed.
    ///   - salt: The purpose of the signatures.
    ///   - now: The time of day.
    public init(
        key: String, fallbackKeys: [String] = [], salt: String = "django.core.signing.TimestampSigner",
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        signer = Signer(key: key, fallbackKeys: fallbackKeys, salt: salt)
        self.now = now
    }

    /// The text that keeps signatures of one purpose from being valid for another.
    public var salt: String { signer.salt }

    /// `value`, the time in seconds, and the signature of both, with colons between them.
    public func sign(_ value: String) -> String {
        signer.sign(value + ":" + Base62.encode(Int64(now().timeIntervalSince1970)))
    }

    /// The value that was signed.
    ///
    /// - Parameter maxAge: The age up to which the value is accepted; nil for any.
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
            throw SigningError(.expired, "The signed value is \(seconds) seconds old; \(maxAge) are allowed.")
        }
        return String(stamped[..<colon])
    }

    /// `value` and the time as signed text; Django's `sign_object`, and `signing.dumps`.
    ///
    /// - Parameter compress: Whether to compress it if that makes it shorter.
    /// - Throws: `EncodingError` for a value that has no JSON.
    public func signObject(_ value: some Encodable, compress: Bool = false) throws -> String {
        sign(try Signer.text(of: value, compress: compress))
    }

    /// The value that was signed; Django's `unsign_object`, and `signing.loads`.
    ///
    /// - Parameter maxAge: The age up to which the value is accepted; nil for any.
    /// - Throws: ``SigningError``; a `DecodingError` or `JSONError` if what was signed is another value.
    public func unsignObject<Value: Decodable>(
        _ type: Value.Type = Value.self, from signed: String, maxAge: Duration? = nil
    ) throws -> Value {
        try Signer.value(type, of: try unsign(signed, maxAge: maxAge))
    }
}

/// Whole numbers with the digits 0-9, A-Z and a-z, as in Django's timestamps.
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

    /// Nil for text that is no number, or one of more than 64 bits.
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
