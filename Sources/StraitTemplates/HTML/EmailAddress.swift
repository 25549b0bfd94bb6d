/// Email address validation (Django's `EmailValidator`).
enum EmailAddress {
    static func isValid(_ text: String) -> Bool {
        guard text.unicodeScalars.count <= 320, let sign = text.unicodeScalars.lastIndex(of: "@") else { return false }
        let user = String(text.unicodeScalars[..<sign])
        let domain = String(text.unicodeScalars[text.unicodeScalars.index(after: sign)...])
        return isUser(user) && isDomain(domain)
    }

    private static let atom = Set(
        "-!#$%&'*+/=?^_`{}|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private static func isUser(_ text: String) -> Bool {
        PythonText.split(text, at: ".").allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(atom.contains) }
    }

    private static func isDomain(_ text: String) -> Bool {
        let labels = PythonText.split(text, at: ".")
        guard labels.count >= 2, let last = labels.last else { return false }
        guard labels.allSatisfy({ !$0.isEmpty && $0.unicodeScalars.count <= 63 && isLabel($0) }) else { return false }
        // The top-level domain is not a number.
        return last.unicodeScalars.count >= 2 && last.unicodeScalars.allSatisfy { !("0"..."9").contains($0) }
            || PythonText.hasPrefix(last, "xn--")
    }

    private static func isLabel(_ text: String) -> Bool {
        guard text.utf8.first != 0x2D, text.utf8.last != 0x2D else { return false }
        return text.unicodeScalars.allSatisfy {
            $0 == "-" || ($0.isASCII ? PythonText.isWord($0) && $0 != "_" : (0xA1...0xFFFF).contains($0.value))
        }
    }
}
