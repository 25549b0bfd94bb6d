internal import StraitCrypto

/// The text of headers: encoded words (RFC 2047), quoted names, and folded lines (RFC 5322 §2.2.3).
enum HeaderText {
    /// Throws an error if a text contains a control character. A line break could add a header.
    static func check(_ text: String, in place: String) throws(MailError) {
        guard let scalar = text.unicodeScalars.first(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F })
        else { return }
        let kind = scalar == "\n" || scalar == "\r" ? "a line break" : "the control character U+\(code(scalar))"
        throw MailError(
            .badHeader,
            "There is \(kind) in \(place), which could add headers to the message. Remove it, or reject the input.")
    }

    private static func code(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }

    /// Whether a byte may occur in an unquoted word (RFC 5322 §3.2.3).
    static func isAtom(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
        }
    }

    /// Returns a person's name unchanged, in quotes, or as encoded words.
    static func phrase(_ name: String) -> String {
        if !name.utf8.allSatisfy({ $0 < 0x80 }) || name.contains("=?") { return encoded(name) }
        if name.utf8.allSatisfy({ isAtom($0) || $0 == 0x20 }) { return name }
        var result = "\""
        for scalar in name.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    /// Returns unstructured text, such as a subject, unchanged or as encoded words.
    static func text(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 } && !text.contains("=?")
        let longest = text.utf8.split(separator: 0x20).map(\.count).max() ?? 0
        return isPlain && longest <= 900 ? text : encoded(text)
    }

    /// Returns encoded words of at most 60 characters, separated by spaces. No character is split.
    private static func encoded(_ text: String) -> String {
        var words: [String] = []
        var bytes: [UInt8] = []
        func flush() {
            guard !bytes.isEmpty else { return }
            words.append("=?utf-8?b?" + Base64.standard.encode(bytes.span) + "?=")
            bytes = []
        }
        for scalar in text.unicodeScalars {
            let own = Array(String(scalar).utf8)
            // 36 bytes are 48 characters in base64, so a word fits on one line with its header's name.
            if bytes.count + own.count > 36 { flush() }
            bytes += own
        }
        flush()
        return words.joined(separator: " ")
    }

    /// Returns a header, folded at spaces into lines of at most 78 characters if there are spaces.
    static func line(_ name: String, _ value: String) -> String {
        var result = name + ":"
        var width = result.utf8.count
        for word in value.split(separator: " ", omittingEmptySubsequences: false) {
            // A line must not consist of white space only.
            if width + 1 + word.utf8.count > 78, width > name.utf8.count + 1, !word.isEmpty, result.utf8.last != 0x20 {
                result += "\r\n"
                width = 0
            }
            result += " " + word
            width += 1 + word.utf8.count
        }
        return result + "\r\n"
    }
}
