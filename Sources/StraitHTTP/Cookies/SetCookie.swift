/// A cookie for a response to set (RFC 6265 §4.1), written as Python's `SimpleCookie` and so Django writes it.
///
/// ```swift
/// SetCookie("Testing-Key", "testing-value")   // Testing-Key=testing-value; Path=/; SameSite=lax
/// ```
public struct SetCookie: Sendable, Hashable {
    /// Whether a browser sends the cookie along with requests that other sites cause. The spelling is kept, as Django
    /// writes `Lax` for its sessions where Channels writes `lax`.
    public struct SameSite: RawRepresentable, Sendable, Hashable {
        public let rawValue: String

        /// Nil for anything but `lax`, `strict` and `none`, in any case.
        public init?(rawValue: String) {
            guard ["lax", "strict", "none"].contains(rawValue.lowercased()) else { return nil }
            self.rawValue = rawValue
        }

        private init(known: String) {
            rawValue = known
        }

        public static let lax = SameSite(known: "lax")
        public static let strict = SameSite(known: "strict")
        /// Sent always; browsers want ``SetCookie/secure`` with it.
        public static let unrestricted = SameSite(known: "none")
    }

    public var name: String
    public var value: String
    /// How long the browser keeps the cookie, in seconds; with nil for ``expires`` too, until it is closed.
    public var maxAge: Int?
    /// When the browser drops the cookie.
    public var expires: HTTPDate?
    public var domain: String?
    public var path: String?
    /// Whether the cookie travels over TLS only.
    public var secure: Bool
    /// Whether scripts cannot see the cookie.
    public var httpOnly: Bool
    public var sameSite: SameSite?

    /// The defaults are those of Channels' `CookieMiddleware.set_cookie`.
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

    /// The cookie that makes a browser drop `name`: `delete_cookie`. Path and domain have to be those it was set with.
    public static func deleting(
        _ name: String, domain: String? = nil, path: String? = "/", sameSite: SameSite? = .lax
    ) -> SetCookie {
        // A browser refuses a change to a cookie with these prefixes that comes without Secure.
        let secure =
            name.hasPrefix("__Secure-") || name.hasPrefix("__Host-") || sameSite?.rawValue.lowercased() == "none"
        return SetCookie(
            name, "", maxAge: 0, expires: HTTPDate(secondsSinceEpoch: 0), domain: domain, path: path, secure: secure,
            sameSite: sameSite)
    }

    /// The field's value, its attributes in the order of `SimpleCookie`.
    ///
    /// - Throws: ``HTTPFieldError`` where the name is no token, or the domain or path hold `;` or a control character.
    public func headerValue() throws(HTTPFieldError) -> String {
        guard !name.isEmpty, name.utf8.allSatisfy({ $0.isCookieLegal }) else {
            throw HTTPFieldError(
                "\(name.debugDescription) is not a cookie's name: it takes letters, digits and !#$%&'*+-.^_`|~:")
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
                "The \(attribute) \(text.debugDescription) of the cookie '\(name)' holds ';' or a control character.")
        }
        return text
    }

    /// Quotes what is not legal in a bare value: backslash and quote by a backslash, and what neither browsers nor
    /// servers agree on by three octal digits.
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
    /// `_LegalChars` of Python's `http.cookies`: a token's characters and the colon.
    fileprivate var isCookieLegal: Bool { isHTTPToken || self == 0x3A }

    /// `_UnescapedChars`: what stands for itself between quotes.
    fileprivate var isCookieUnescaped: Bool {
        switch self {
        case 0x20, 0x28, 0x29, 0x2F, 0x3C...0x40, 0x5B, 0x5D, 0x7B, 0x7D: true
        default: isCookieLegal
        }
    }
}
