internal import StraitNetwork

/// Checks email addresses as Django's `EmailValidator` does.
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
