internal import StraitCore
internal import StraitText

/// Truncation of text and HTML (Django's `Truncator`).
enum Truncation {
    /// Returns at most `length` characters of `text`, including the `…` for a truncated text.
    static func characters(_ text: String, _ length: Int) -> String {
        guard length > 0 else { return "" }
        let scalars = Array(PythonText.composed(text).unicodeScalars)
        var seen = 0
        var cut: Int?
        for (index, scalar) in scalars.enumerated() where !isCombining(scalar) {
            seen += 1
            if cut == nil, seen > length - 1 { cut = index }
            if seen > length { return PythonText.string(scalars[..<(cut ?? 0)]) + "…" }
        }
        return PythonText.string(scalars)
    }

    /// Returns the first `count` words, followed by ` …` if there are more.
    static func words(_ text: String, _ count: Int) -> String {
        guard count > 0 else { return "" }
        let words = PythonText.words(text)
        guard words.count > count else { return words.joined(separator: " ") }
        return withMark(words.prefix(count).joined(separator: " "), " …")
    }

    /// Returns HTML with at most `length` characters of text and all tags closed.
    static func htmlCharacters(_ text: String, _ length: Int) -> String {
        guard length > 0 else { return "" }
        let text = PythonText.composed(text)
        let rawCount = text.unicodeScalars.count
        var seen = 0
        return html(text, remaining: length == 1 ? 0 : length - 1, mark: "…") { data, remaining, output in
            let scalars = Array(data.unicodeScalars)
            seen += scalars.count
            // The rest fits exactly and the input has no tags, so there is no mark.
            if seen == length, output.unicodeScalars.count + scalars.count == rawCount {
                return (scalars.count, data, true)
            }
            return (scalars.count, HTMLEscape.escaped(PythonText.string(scalars.prefix(remaining))), false)
        }
    }

    /// Returns HTML with at most `count` words and all tags closed.
    static func htmlWords(_ text: String, _ count: Int) -> String {
        guard count > 0 else { return "" }
        return html(text, remaining: count, mark: " …") { data, remaining, _ in
            let words = wordsBetween(data)
            return (words.count, HTMLEscape.escaped(words.prefix(remaining).joined(separator: " ")), false)
        }
    }

    /// Truncates HTML. `cut` receives a piece of text, the remaining length and the output so far. It returns the
    /// piece's length, the kept part, and whether to stop after it.
    private static func html(
        _ text: String, remaining: Int, mark: String, _ cut: (String, Int, String) -> (Int, String, Bool)
    ) -> String {
        var output = ""
        var open: [String] = []
        var remaining = remaining
        for event in HTMLScanner.wholeEvents(text) {
            switch event {
            case .start(let name, let text, let isClosed):
                output += text
                guard !voidElements.contains(TextKey(name)) else { break }
                if isClosed { output += "</\(name)>" } else { open.append(name) }
            case .end(let name):
                guard !voidElements.contains(TextKey(name)) else { break }
                output += "</\(name)>"
                if let last = open.last, last.hasSameBytes(as: name) { open.removeLast() }
            case .text(let data):
                let (count, kept, isEnd) = cut(data, remaining, output)
                if isEnd || remaining < count {
                    output += isEnd ? kept : mark == "…" ? kept + mark : withMark(kept, mark)
                    return output + open.reversed().map { "</\($0)>" }.joined()
                }
                remaining -= count
                output += kept
            case .entity: break
            }
        }
        return output
    }

    private static let voidElements: Set<TextKey> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
        "frame", "spacer",
    ]

    /// Splits text at white space, except at its beginning and end.
    private static func wordsBetween(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var words: [String] = []
        var start = 0
        var index = 0
        while index < scalars.count {
            guard PythonText.isSpace(scalars[index]) else {
                index += 1
                continue
            }
            var end = index
            while end < scalars.count, PythonText.isSpace(scalars[end]) { end += 1 }
            if index > 0, end < scalars.count {
                words.append(PythonText.string(scalars[start..<index]))
                start = end
            }
            index = end
        }
        return words + [PythonText.string(scalars[start...])]
    }

    private static func withMark(_ text: String, _ mark: String) -> String {
        PythonText.hasSuffix(text, mark) ? text : text + mark
    }

    private static func isCombining(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.canonicalCombiningClass != .notReordered
    }
}

/// The filter `striptags` (Django's `strip_tags`).
enum TagStripper {
    /// The maximum number of passes. A pass can uncover new tags, such as in `<<b>i>`.
    private static let most = 50

    static func stripped(_ text: String) throws(TemplateError) -> String {
        var text = text
        var rounds = 0
        while text.utf8.contains(UInt8(ascii: "<")), text.utf8.contains(UInt8(ascii: ">")) {
            guard rounds < most else {
                throw .badValue(
                    "'striptags' got text with tags inside tags, more than \(most) deep. Reject such input.")
            }
            let next = once(text)
            guard signs(text) != signs(next) else { break }
            text = next
            rounds += 1
        }
        return text
    }

    private static func signs(_ text: String) -> Int { text.utf8.count { $0 == UInt8(ascii: "<") } }

    private static func once(_ text: String) -> String {
        var result = ""
        for event in HTMLScanner.events(text) {
            switch event {
            case .text(let text): result += text
            case .entity(let name): result += "&\(name);"
            case .start, .end: break
            }
        }
        return result
    }
}
