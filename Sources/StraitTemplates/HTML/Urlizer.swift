/// Converts addresses in a text to links (Django's `Urlizer`).
struct Urlizer {
    /// Whether the text is safe HTML.
    let isSafe: Bool
    let isEscaping: Bool
    /// The maximum length of a link's text, or nil for no limit.
    let limit: Int?

    /// The maximum length of an address. A longer word is not linked.
    private static let longest = 2048

    /// Returns `text` with links.
    func linked(_ text: String) -> String {
        var result = ""
        var word: [Unicode.Scalar] = []
        var isSeparator = false
        for scalar in text.unicodeScalars {
            let separates = PythonText.isSpace(scalar) || ["<", ">", "\"", "'"].contains(scalar)
            if separates != isSeparator {
                result += handled(PythonText.string(word))
                word = []
                isSeparator = separates
            }
            word.append(scalar)
        }
        return result + handled(PythonText.string(word))
    }

    private func escaped(_ text: String) -> String { isEscaping && !isSafe ? HTMLEscape.escaped(text) : text }

    private func handled(_ word: String) -> String {
        guard word.utf8.contains(where: { $0 == 0x2E || $0 == 0x40 || $0 == 0x3A }) else { return escaped(word) }
        let (lead, middle, trail) = LinkPunctuation.trimmed(word)
        var url: String?
        var attributes = " rel=\"nofollow\""
        let isShort = middle.unicodeScalars.count <= Self.longest
        if isShort, Self.hasScheme(middle) {
            url = LinkQuoting.quoted(HTMLCharacters.unescaped(middle))
        } else if isShort, Self.looksLikeHost(middle) {
            url = LinkQuoting.quoted("http://" + HTMLCharacters.unescaped(middle))
        } else if !middle.utf8.contains(UInt8(ascii: ":")), EmailAddress.isValid(middle),
            let sign = middle.utf8.lastIndex(of: 0x40)
        {
            let local = URLText.quoted(String(middle[..<sign]), safe: "")
            url = "mailto:\(local)@\(URLText.quoted(String(middle[middle.utf8.index(after: sign)...]), safe: ""))"
            attributes = ""
        }
        guard let url else { return escaped(word) }
        return
            """
            \(escaped(lead))<a href="\(HTMLEscape.escaped(url))"\(attributes)>\
            \(escaped(cut(middle)))</a>\(escaped(trail))
            """
    }

    private func cut(_ text: String) -> String {
        guard let limit, text.unicodeScalars.count > limit else { return text }
        return String(text.unicodeScalars.prefix(max(1, limit) - 1)) + "…"
    }

    /// Whether `text` matches `^https?://\[?\w`.
    private static func hasScheme(_ text: String) -> Bool {
        let lower = text.lowercased()
        guard let prefix = ["http://", "https://"].first(where: { PythonText.hasPrefix(lower, $0) }) else {
            return false
        }
        var rest = text.unicodeScalars.dropFirst(prefix.utf8.count)
        if rest.first == "[" { rest = rest.dropFirst() }
        return rest.first.map(PythonText.isWord) ?? false
    }

    /// Whether `text` matches `^www\.|^(?!http)\w[^@]+\.(com|edu|gov|int|mil|net|org)($|/.*)$`.
    private static func looksLikeHost(_ text: String) -> Bool {
        let lower = text.lowercased()
        if PythonText.hasPrefix(lower, "www.") { return true }
        guard !PythonText.hasPrefix(lower, "http"), let first = text.unicodeScalars.first, PythonText.isWord(first)
        else {
            return false
        }
        let scalars = Array(lower.unicodeScalars)
        for name in ["com", "edu", "gov", "int", "mil", "net", "org"] {
            let ending = Array(".\(name)".unicodeScalars)
            var place = 2
            while place + ending.count <= scalars.count {
                let end = place + ending.count
                if scalars[place..<end].elementsEqual(ending), end == scalars.count || scalars[end] == "/",
                    !scalars[1..<place].contains("@")
                {
                    return true
                }
                place += 1
            }
        }
        return false
    }
}
