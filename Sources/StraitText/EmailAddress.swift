internal import StraitCore

/// Email address validation as in Django's `EmailValidator`.
package enum EmailAddress {
    /// Whether `text` is an email address.
    ///
    /// - Parameter allowsLocalhost: Whether `localhost` is a valid domain: true for Django's `EmailField`, false for
    ///   its `urlize`.
    package static func isValid(_ text: String, allowsLocalhost: Bool) -> Bool {
        guard text.unicodeScalars.count <= 320, let at = text.unicodeScalars.lastIndex(of: "@") else { return false }
        let user = Array(text.unicodeScalars[..<at])
        let domain = String(text.unicodeScalars[text.unicodeScalars.index(after: at)...])
        return (isDotted(user) || isQuoted(user))
            && ((allowsLocalhost && domain.hasSameBytes(as: "localhost"))
                || DomainName.isValid(domain, allowsFinalDot: false) || isLiteral(domain))
    }

    private static func isDotted(_ user: [Unicode.Scalar]) -> Bool {
        user.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.allSatisfy { scalar in
                    PythonText.isLetterIgnoringCase(scalar) || ("0"..."9").contains(scalar)
                        || "-!#$%&'*+/=?^_`{}|~".unicodeScalars.contains(scalar)
                }
        }
    }

    private static func isQuoted(_ user: [Unicode.Scalar]) -> Bool {
        guard user.count >= 2, user.first == "\"", user.last == "\"" else { return false }
        var index = 1
        while index < user.count - 1 {
            if user[index] == "\\" {
                index += 1
                guard index < user.count - 1, isText(user[index]) else { return false }
            } else {
                // A space, a tab and a quote need a backslash.
                guard isText(user[index]), ![" ", "\t", "\""].contains(user[index]) else { return false }
            }
            index += 1
        }
        return true
    }

    /// Whether a character matches Django's `[\001-\011\013\014\016-\177]`, ignoring case.
    private static func isText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 1...0x09, 0x0B, 0x0C, 0x0E...0x7F: true
        default: PythonText.isLetterIgnoringCase(scalar)
        }
    }

    private static func isLiteral(_ domain: String) -> Bool {
        guard domain.utf8.first == 0x5B, domain.utf8.last == 0x5D, domain.utf8.count > 2 else { return false }
        let address = String(Substring(domain.utf8.dropFirst().dropLast()))
        return IPAddress.isVersion4(address) || IPAddress.isVersion6(address)
    }
}
