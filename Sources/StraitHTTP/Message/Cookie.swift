internal import StraitCore
internal import StraitText

/// A parser for a request's `Cookie` header; Django's `parse_cookie`.
public enum Cookie {
    /// Reads the cookies of a header's value. Reading never fails, because browsers send more than RFC 6265 §4.2.1
    /// allows.
    ///
    /// A piece without `=` is a value with an empty name. If a name is repeated, its last value counts.
    public static func parse(_ header: String) -> [String: String] {
        var cookies: [String: String] = [:]
        // Splits scalars, not characters: as characters, U+037E equals a semicolon, and `=` with a combining mark is
        // not `=`.
        for chunk in header.unicodeScalars.split(separator: ";") {
            let equals = chunk.firstIndex(of: "=")
            let name = equals.map { PythonText.stripped(String(chunk[..<$0])) } ?? ""
            let value = PythonText.stripped(String(equals.map { chunk[chunk.index(after: $0)...] } ?? chunk))
            if !name.isEmpty || !value.isEmpty { cookies[name] = unquoted(value) }
        }
        return cookies
    }

    /// Undoes the quoting of Python's `http.cookies`: `"a\054b"` becomes `a,b`. Text that is not in quotes stays as it
    /// is.
    package static func unquoted(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count >= 2, scalars.first == "\"", scalars.last == "\"" else { return text }
        var result = String.UnicodeScalarView()
        var index = 1
        let end = scalars.count - 1
        while index < end {
            guard scalars[index] == "\\", index + 1 < end else {
                result.append(scalars[index])
                index += 1
                continue
            }
            if index + 3 < end, let code = octal(scalars[index + 1...index + 3]) {
                result.append(Unicode.Scalar(code))
                index += 4
            } else {
                result.append(scalars[index + 1])
                index += 2
            }
        }
        // Removed backslashes may join combining marks to a longer run than the check of the header saw.
        let plain = String(result)
        return StreamSafeText.isStreamSafe(plain.utf8.span) ? plain : text
    }

    /// The byte for three octal digits; nil if a digit is not octal or the value exceeds 255.
    private static func octal(_ digits: ArraySlice<Unicode.Scalar>) -> UInt8? {
        var code: UInt32 = 0
        for digit in digits {
            guard digit >= "0", digit <= "7" else { return nil }
            code = code * 8 + digit.value - 0x30
        }
        return UInt8(exactly: code)
    }
}

/// A cookie for a `Set-Cookie` header (RFC 6265 §4.1), in the format of Python's `SimpleCookie` and Django.
///
/// ```swift
/// SetCookie("Testing-Key", "testing-value")   // Testing-Key=testing-value; Path=/; SameSite=lax
/// ```
public struct SetCookie: Sendable, Hashable {
    /// The policy for sending the cookie with requests from other sites.
    ///
    /// The spelling is kept: Django writes `Lax` for its sessions, and Channels writes `lax`.
    public struct SameSite: RawRepresentable, Sendable, Hashable {
        /// The attribute's value in its original spelling.
        public let rawValue: String

        /// Creates a policy; nil for anything but `lax`, `strict` and `none`, in any case.
        public init?(rawValue: String) {
            guard ["lax", "strict", "none"].contains(rawValue.lowercased()) else { return nil }
            self.rawValue = rawValue
        }

        private init(known: String) {
            rawValue = known
        }

        /// The cookie is also sent when the user follows a link from another site.
        public static let lax = SameSite(known: "lax")
        /// The cookie is only sent with requests from the same site.
        public static let strict = SameSite(known: "strict")
        /// The cookie is always sent. Browsers also require ``SetCookie/secure``.
        public static let unrestricted = SameSite(known: "none")
    }

    /// The name, which must be a token; a colon is allowed too.
    public var name: String
    /// The value, which may be any text. It is quoted if necessary.
    public var value: String
    /// The cookie's lifetime in seconds. If this and ``expires`` are nil, the cookie lasts until the browser closes.
    public var maxAge: Int?
    /// The time at which the browser deletes the cookie.
    public var expires: HTTPDate?
    /// The domain whose subdomains also receive the cookie; nil for the response's host alone.
    public var domain: String?
    /// The path below which the browser sends the cookie; nil for the directory of the request's path.
    public var path: String?
    /// Whether the browser sends the cookie only over TLS.
    public var secure: Bool
    /// Whether the cookie is hidden from scripts.
    public var httpOnly: Bool
    /// The policy for requests from other sites; nil for the browser's default.
    public var sameSite: SameSite?

    /// Creates a cookie. The defaults are those of Channels' `CookieMiddleware.set_cookie`.
    public init(
        _ name: String, _ value: String, maxAge: Int? = nil, expires: HTTPDate? = nil, domain: String? = nil,
        path: String? = "/", secure: Bool = false, httpOnly: Bool = false, sameSite: SameSite? = .lax
    ) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.expires = expires
        self.domain = domain
        self.path = path
        self.secure = secure
        self.httpOnly = httpOnly
        self.sameSite = sameSite
    }

    /// Returns a cookie that makes the browser delete `name`; `delete_cookie`. Domain and path must be those of the
    /// original cookie.
    public static func deleting(
        _ name: String, domain: String? = nil, path: String? = "/", sameSite: SameSite? = .lax
    ) -> SetCookie {
        // Browsers reject a change without `Secure` to a cookie with these prefixes.
        let secure =
            name.hasPrefix("__Secure-") || name.hasPrefix("__Host-") || sameSite?.rawValue.lowercased() == "none"
        return SetCookie(
            name, "", maxAge: 0, expires: HTTPDate(secondsSinceEpoch: 0), domain: domain, path: path, secure: secure,
            sameSite: sameSite)
    }

    /// Returns the header's value, with the attributes in the order of `SimpleCookie`.
    ///
    /// - Throws: ``HTTPFieldError`` if the name is not a token, or if the domain or path contains `;` or a control
    ///   character.
    public func headerValue() throws(HTTPFieldError) -> String {
        guard !name.isEmpty, name.utf8.allSatisfy({ $0.isCookieLegal }) else {
            throw HTTPFieldError(
                "\(name.debugDescription) is not a cookie name: use letters, digits and !#$%&'*+-.^_`|~:")
        }
        var text = name + "=" + Self.quoted(value)
        if let domain { text += try "; Domain=" + attribute(domain, "Domain") }
        if let expires { text += "; expires=\(expires)" }
        if httpOnly { text += "; HttpOnly" }
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if let path { text += try "; Path=" + attribute(path, "Path") }
        if let sameSite { text += "; SameSite=\(sameSite.rawValue)" }
        if secure { text += "; Secure" }
        return text
    }

    private func attribute(_ text: String, _ attribute: String) throws(HTTPFieldError) -> String {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != 0x3B }) else {
            throw HTTPFieldError(
                "The \(attribute) \(text.debugDescription) of cookie '\(name)' contains ';' or a control character.")
        }
        return text
    }

    /// Quotes a value that is not legal on its own.
    ///
    /// A backslash precedes quotes and backslashes. Characters that browsers and servers treat differently become three
    /// octal digits.
    package static func quoted(_ value: String) -> String {
        if value.utf8.allSatisfy(\.isCookieLegal) { return value }
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value > 0xFF: result.unicodeScalars.append(scalar)
            case _ where UInt8(truncatingIfNeeded: scalar.value).isCookieUnescaped: result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 8)
                result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }
        }
        return result + "\""
    }
}

extension UInt8 {
    /// Whether the byte is in `_LegalChars` of Python's `http.cookies`: the characters of a token, and the colon.
    fileprivate var isCookieLegal: Bool { isHTTPToken || self == 0x3A }

    /// Whether the byte is in `_UnescapedChars` of Python's `http.cookies`: characters that need no escape between
    /// quotes.
    fileprivate var isCookieUnescaped: Bool {
        switch self {
        case 0x20, 0x28, 0x29, 0x2F, 0x3C...0x40, 0x5B, 0x5D, 0x7B, 0x7D: true
        default: isCookieLegal
        }
    }
}
