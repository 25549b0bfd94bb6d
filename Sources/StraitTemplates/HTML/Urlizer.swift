internal import StraitCore
internal import StraitText

/// A converter of addresses in text to links (Django's `Urlizer`).
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
        } else if !middle.utf8.contains(UInt8(ascii: ":")), EmailAddress.isValid(middle, allowsLocalhost: false),
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

/// The removal of the punctuation around an address in a sentence.
enum LinkPunctuation {
    private static let pairs: [(open: Unicode.Scalar, close: Unicode.Scalar)] = [("(", ")"), ("[", "]")]
    private static let trailing: Set<Unicode.Scalar> = [".", ",", ":", ";", "!"]

    /// Returns the text before the address, the address, and the text after it.
    static func trimmed(_ word: String) -> (lead: String, middle: String, trail: String) {
        let scalars = Array(word.unicodeScalars)
        let start = scalars.firstIndex { $0 != "(" && $0 != "[" } ?? scalars.count
        var middle = Array(scalars[start...])
        var trail: [Unicode.Scalar] = []
        let all = middle
        // As in Django, the characters are counted once, and the counts are updated when characters are removed.
        var counts: [Unicode.Scalar: Int] = [:]
        for scalar in all { counts[scalar, default: 0] += 1 }
        var hasTrimmed = true
        while hasTrimmed, !middle.isEmpty {
            hasTrimmed = false
            for (open, close) in pairs {
                let surplus = counts[close, default: 0] - counts[open, default: 0]
                guard surplus > 0, middle.last == close else { continue }
                let strip = min(surplus, middle.count)
                trail = Array(middle.suffix(strip))
                middle.removeLast(strip)
                hasTrimmed = true
                counts[close, default: 0] -= surplus
            }
            let amp = middle.lastIndex(of: "&")
            let kept = keptCount(middle) { trailing.contains($0) && !(amp != nil && $0 == ";") }
            if kept != middle.count {
                trail = Array(middle[kept...]) + trail
                middle = Array(middle[..<kept])
                hasTrimmed = true
            }
            guard middle.last == ";" else { continue }
            // Django slices from -1 if there is no '&'.
            let entity = PythonText.string(middle[(amp ?? middle.count - 1)...])
            let converted = HTMLCharacters.unescaped(entity)
            guard converted.hasSameBytes(as: entity) || PythonText.hasSuffix(converted, ";") else { continue }
            let bare = keptCount(middle) { trailing.contains($0) }
            let semicolons = middle.count - keptCount(middle) { $0 == ";" }
            if amp != nil, semicolons > 1, let first = middle[bare...].firstIndex(of: ";") {
                trail = Array(middle[(first + 1)...]) + trail
                middle = Array(middle[...first])
            } else {
                trail = Array(middle[bare...]) + trail
                middle = Array(middle[..<bare])
            }
            hasTrimmed = true
        }
        return (
            PythonText.string(scalars[..<start]), PythonText.string(middle), PythonText.string(trail)
        )
    }

    private static func keptCount(_ scalars: [Unicode.Scalar], _ isStripped: (Unicode.Scalar) -> Bool) -> Int {
        (scalars.lastIndex { !isStripped($0) }).map { $0 + 1 } ?? 0
    }
}
