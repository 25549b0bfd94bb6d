internal import Foundation
internal import StraitText

/// An address in a message: `ann@example.com`, or `Ann <ann@example.com>`.
struct MailAddress {
    /// The name, or an empty string.
    let name: String
    /// The address in ASCII: the domain of `ann@bücher.example` is encoded (IDNA).
    let address: String

    /// Parses an address.
    ///
    /// - Throws: ``MailError/Code/badHeader`` for a control character; ``MailError/Code/invalidAddress``.
    init(_ text: String) throws(MailError) {
        try HeaderText.check(text, in: "an address")
        let trimmed = PythonText.stripped(text)
        let given: String
        if trimmed.utf8.last == 0x3E, let open = trimmed.utf8.lastIndex(of: 0x3C) {
            name = Self.unquoted(PythonText.stripped(String(trimmed[..<open])))
            given = String(trimmed[trimmed.utf8.index(after: open)...].utf8.dropLast()) ?? ""
        } else {
            name = ""
            given = trimmed
        }
        guard EmailAddress.isValid(given, allowsLocalhost: true) || Self.isLocal(given),
            let at = given.utf8.lastIndex(of: 0x40)
        else {
            throw MailError(
                .invalidAddress, "'\(text)' is not an email address. Write ann@example.com or Ann <ann@example.com>.")
        }
        let user = String(given[..<at])
        let domain = String(given[given.utf8.index(after: at)...])
        guard user.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw MailError(
                .invalidAddress,
                "'\(text)' has non-ASCII characters before the @, which many mail servers do not accept. Use "
                    + "another address.")
        }
        guard let encoded = Self.encoded(domain) else {
            throw MailError(.invalidAddress, "'\(domain)' in '\(text)' is not a domain. Correct the address.")
        }
        address = user + "@" + encoded
    }

    /// The address for a header, with the name encoded.
    var header: String {
        if name.isEmpty { return address }
        return HeaderText.phrase(name) + " <" + address + ">"
    }

    /// Whether a text is an address at a host without a domain, such as `root@mail`.
    private static func isLocal(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: 0x40, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return false }
        return parts.joined().allSatisfy { HeaderText.isAtom($0) || $0 == 0x2E }
    }

    /// Encodes a domain in ASCII, or returns nil if it cannot be encoded.
    private static func encoded(_ domain: String) -> String? {
        if domain.utf8.allSatisfy({ $0 < 0x80 }) { return domain }
        guard let text = URL(string: "http://\(domain)/")?.absoluteString, text.utf8.allSatisfy({ $0 < 0x80 }),
            !text.utf8.contains(0x25)
        else { return nil }
        return String(text.dropFirst("http://".count).dropLast())
    }

    /// Removes the quotes around a name, and the backslashes inside.
    private static func unquoted(_ name: String) -> String {
        guard name.utf8.count >= 2, name.utf8.first == 0x22, name.utf8.last == 0x22 else { return name }
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in name.unicodeScalars.dropFirst().dropLast() {
            if scalar == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(scalar)
                isEscaped = false
            }
        }
        return String(result)
    }
}
