internal import StraitText

/// Python's `pprint.pformat`: splits values over several lines of at most 80 characters.
enum PrettyPrinter {
    /// Returns `value` formatted.
    static func text(_ value: TemplateValue) -> String {
        var result = ""
        format(value, indent: 0, allowance: 0, into: &result)
        return result
    }

    private static let width = 80

    private static func format(_ value: TemplateValue, indent: Int, allowance: Int, into result: inout String) {
        let whole = sorted(value).representation
        guard whole.unicodeScalars.count > width - indent - allowance else {
            result += whole
            return
        }
        switch value {
        case .list(let elements) where !elements.isEmpty:
            result += "["
            items(elements, indent: indent + 1, allowance: allowance + 1, into: &result)
            result += "]"
        case .tuple(let elements) where !elements.isEmpty:
            result += "("
            items(elements, indent: indent + 1, allowance: allowance + (elements.count == 1 ? 2 : 1), into: &result)
            result += elements.count == 1 ? ",)" : ")"
        case .dictionary(let dictionary) where dictionary.count > 0:
            result += "{"
            let entries = dictionary.entries.sorted { PythonText.isLess($0.key, $1.key) }
            for (index, entry) in entries.enumerated() {
                if index > 0 { result += ",\n" + String(repeating: " ", count: indent + 1) }
                let key = PythonText.representation(entry.key)
                result += key + ": "
                format(
                    entry.value, indent: indent + key.unicodeScalars.count + 3,
                    allowance: index == entries.count - 1 ? allowance + 1 : 1, into: &result)
            }
            result += "}"
        case .string, .safe: string(value.text, indent: indent, allowance: allowance, into: &result)
        default: result += whole
        }
    }

    private static func items(_ elements: [TemplateValue], indent: Int, allowance: Int, into result: inout String) {
        for (index, element) in elements.enumerated() {
            if index > 0 { result += ",\n" + String(repeating: " ", count: indent) }
            format(element, indent: indent, allowance: index == elements.count - 1 ? allowance : 1, into: &result)
        }
    }

    /// Returns the value with all its dictionaries sorted by key.
    private static func sorted(_ value: TemplateValue) -> TemplateValue {
        switch value {
        case .list(let elements): .list(elements.map(sorted))
        case .tuple(let elements): .tuple(elements.map(sorted))
        case .dictionary(let dictionary):
            .dictionary(
                TemplateDictionary(
                    dictionary.entries.sorted { PythonText.isLess($0.key, $1.key) }.map {
                        (key: $0.key, value: sorted($0.value))
                    }))
        default: value
        }
    }

    /// Formats a long string as several literals, one on each line, split after white space.
    private static func string(_ text: String, indent: Int, allowance: Int, into result: inout String) {
        let isTop = indent == 0
        let indent = isTop ? indent + 1 : indent
        let allowance = isTop ? allowance + 1 : allowance
        var chunks: [String] = []
        let lines = PythonText.lines(text, keepsEnds: true)
        for (index, line) in lines.enumerated() {
            let isLastLine = index == lines.count - 1
            let whole = PythonText.representation(line)
            if whole.unicodeScalars.count <= width - indent - (isLastLine ? allowance : 0) {
                chunks.append(whole)
                continue
            }
            var current = ""
            let words = spacedWords(line)
            for (place, word) in words.enumerated() {
                let candidate = current + word
                let isLast = place == words.count - 1 && isLastLine
                if PythonText.representation(candidate).unicodeScalars.count > width - indent - (isLast ? allowance : 0)
                {
                    if !current.isEmpty { chunks.append(PythonText.representation(current)) }
                    current = word
                } else {
                    current = candidate
                }
            }
            if !current.isEmpty { chunks.append(PythonText.representation(current)) }
        }
        if chunks.count == 1 {
            result += chunks[0]
            return
        }
        let joined = chunks.joined(separator: "\n" + String(repeating: " ", count: indent))
        result += isTop ? "(" + joined + ")" : joined
    }

    /// Splits text into matches of `\S*\s*`.
    private static func spacedWords(_ text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var wasSpace = false
        for scalar in text.unicodeScalars {
            if wasSpace, !PythonText.isSpace(scalar) {
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
            word.append(scalar)
            wasSpace = PythonText.isSpace(scalar)
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }
}
