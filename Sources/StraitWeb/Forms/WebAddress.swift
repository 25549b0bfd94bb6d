internal import Glibc
internal import StraitCore
internal import StraitHTTP

/// URL validation as in Django's `URLValidator`.
enum WebAddress {
    private static let schemes = ["http", "https", "ftp", "ftps"]

    static func isValid(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard scalars.count <= 2048, !scalars.contains(where: { $0.properties.isWhitespace || isSeparator($0) }),
            let (scheme, authority) = URLParts(text).site, schemes.contains(scheme),
            let parts = AuthorityParts(authority)
        else { return false }
        if let (user, password) = parts.access {
            let isValid = !user.isEmpty && password?.utf8.contains(0x3A) != true
            guard isValid, parts.userInfo?.utf8.contains(0x40) == false else { return false }
        }
        if let port = parts.port {
            guard (1...5).contains(port.utf8.count), port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return false
            }
        }
        return isHost(String(parts.host))
    }

    /// Whether Python's `\s` matches a scalar that Unicode does not count as white space.
    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool { (0x1C...0x1F).contains(scalar.value) }

    private static func isHost(_ host: String) -> Bool {
        if host.utf8.first == 0x5B, host.utf8.last == 0x5D {
            return IPAddress.isVersion6(String(Substring(host.utf8.dropFirst().dropLast())))
        }
        return host.unicodeScalars.count <= 253
            && (host.lowercased().hasSameBytes(as: "localhost") || IPAddress.isVersion4(host)
                || DomainName.isValid(host, allowsFinalDot: true))
    }
}

/// Domain name validation as in Django's `DomainNameValidator`: letters of any script, and no digits in the last label
/// unless it begins with `xn--`.
enum DomainName {
    /// Whether `text` is a domain name.
    ///
    /// - Parameter allowsFinalDot: Whether a final dot is allowed, as in URLs but not in email addresses.
    static func isValid(_ text: String, allowsFinalDot: Bool) -> Bool {
        var labels = text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).map(Array.init)
        if allowsFinalDot, labels.count > 2, labels.last?.isEmpty == true { labels.removeLast() }
        guard labels.count >= 2, let last = labels.last else { return false }
        return labels.dropLast().allSatisfy(isLabel) && isTopLevel(last)
    }

    private static func isLabel(_ label: [Unicode.Scalar]) -> Bool {
        (1...63).contains(label.count) && label.first != "-" && label.last != "-"
            && label.allSatisfy { isLetter($0) || ("0"..."9").contains($0) || $0 == "-" }
    }

    private static func isTopLevel(_ label: [Unicode.Scalar]) -> Bool {
        guard label.first != "-", label.last != "-" else { return false }
        if (2...63).contains(label.count), label.allSatisfy({ isLetter($0) || $0 == "-" }) { return true }
        guard (5...63).contains(label.count) else { return false }
        let text = String(String.UnicodeScalarView(label)).lowercased()
        return text.utf8.starts(with: "xn--".utf8)
            && text.utf8.dropFirst(4).allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || (0xA1...0xFFFF).contains(scalar.value)
    }
}

/// Email address validation as in Django's `EmailValidator`.
enum EmailAddress {
    static func isValid(_ text: String) -> Bool {
        guard text.unicodeScalars.count <= 320, let at = text.unicodeScalars.lastIndex(of: "@") else { return false }
        let user = Array(text.unicodeScalars[..<at])
        let domain = String(text.unicodeScalars[text.unicodeScalars.index(after: at)...])
        return (isDotted(user) || isQuoted(user))
            && (domain.hasSameBytes(as: "localhost") || DomainName.isValid(domain, allowsFinalDot: false)
                || isLiteral(domain))
    }

    private static func isDotted(_ user: [Unicode.Scalar]) -> Bool {
        user.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.allSatisfy { scalar in
                    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                        || "-!#$%&'*+/=?^_`{}|~".unicodeScalars.contains(scalar)
                        // Python's case-insensitive matching also accepts these as letters.
                        || scalar == "\u{17F}" || scalar == "\u{212A}"
                }
        }
    }

    private static func isQuoted(_ user: [Unicode.Scalar]) -> Bool {
        guard user.count >= 2, user.first == "\"", user.last == "\"" else { return false }
        var index = 1
        while index < user.count - 1 {
            let value = user[index].value
            if value == 0x5C {
                index += 1
                guard index < user.count - 1, isText(user[index].value) else { return false }
            } else {
                // A space, a tab and a quote need a backslash.
                guard isText(value), value != 0x20, value != 0x09, value != 0x22 else { return false }
            }
            index += 1
        }
        return true
    }

    /// Whether a character matches Django's `\001-\011\013\014\016-\177`.
    private static func isText(_ value: UInt32) -> Bool {
        (1...0x09).contains(value) || value == 0x0B || value == 0x0C || (0x0E...0x7F).contains(value)
    }

    private static func isLiteral(_ domain: String) -> Bool {
        guard domain.utf8.first == 0x5B, domain.utf8.last == 0x5D, domain.utf8.count > 2 else { return false }
        let address = String(Substring(domain.utf8.dropFirst().dropLast()))
        return IPAddress.isVersion4(address) || IPAddress.isVersion6(address)
    }
}

/// Validation of IP addresses in text form.
enum IPAddress {
    /// Whether `text` is four numbers up to 255 without leading zeros.
    static func isVersion4(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
                    && (part.count == 1 || part.first != 0x30) && part.reduce(0) { $0 * 10 + Int($1 &- 0x30) } <= 255
            }
    }

    /// Whether `text` is an IPv6 address (RFC 4291 §2.2) without a zone.
    static func isVersion6(_ text: String) -> Bool {
        guard text.utf8.count <= 39, !text.utf8.contains(0) else { return false }
        var address = in6_addr()
        // SAFETY: the text ends with NUL during the call, and `address` has the size that is written.
        return unsafe inet_pton(AF_INET6, text, &address) == 1
    }
}
