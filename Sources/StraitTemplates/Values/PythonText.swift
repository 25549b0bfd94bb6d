/// Text as Python's `str` handles it: by Unicode scalars, never by grapheme clusters, and with Python's white space.
enum PythonText {
    typealias Scalars = [Unicode.Scalar]

    /// Python's `str.isspace` of one scalar.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x09...0x0D, 0x1C...0x1F, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
            0x3000:
            true
        default: false
        }
    }

    /// `\w` of a regular expression of Python.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || scalar == "_"
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }

    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// `text.strip()`.
    static func stripped(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    /// `text.split()`: words between white space.
    static func words(_ text: String) -> [String] {
        text.unicodeScalars.split(whereSeparator: isSpace).map { String($0) }
    }

    /// `text.split(separator)`.
    static func split(_ text: String, at separator: String) -> [String] {
        let bytes = Array(text.utf8)
        let pattern = Array(separator.utf8)
        guard !pattern.isEmpty else { return [text] }
        var result: [String] = []
        var start = 0
        var index = 0
        while index + pattern.count <= bytes.count {
            if bytes[index] == pattern[0], bytes[index..<index + pattern.count].elementsEqual(pattern) {
                result.append(String(decoding: bytes[start..<index], as: UTF8.self))
                index += pattern.count
                start = index
            } else {
                index += 1
            }
        }
        result.append(String(decoding: bytes[start...], as: UTF8.self))
        return result
    }

    /// `text.replace(old, new)`. An empty `old` is found between all scalars, as in Python.
    static func replace(_ text: String, _ old: String, with new: String) -> String {
        if old.isEmpty {
            return new + text.unicodeScalars.map { String($0) + new }.joined()
        }
        return split(text, at: old).joined(separator: new)
    }

    /// `part in text`.
    static func contains(_ text: String, _ part: String) -> Bool {
        part.isEmpty || split(text, at: part).count > 1
    }

    /// `a == b`: by scalars, not by canonical equivalence.
    static func equal(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

    /// `a < b`: by scalars, which UTF-8 has in the same order.
    static func isLess(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

    /// `text.splitlines()`.
    static func lines(_ text: String) -> [String] {
        var result: [String] = []
        var line = Scalars()
        var wasReturn = false
        var isOpen = false
        for scalar in text.unicodeScalars {
            if wasReturn {
                wasReturn = false
                if scalar == "\n" { continue }
            }
            switch scalar.value {
            case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029:
                wasReturn = scalar == "\r"
                result.append(string(line))
                line = []
                isOpen = false
            default:
                line.append(scalar)
                isOpen = true
            }
        }
        if isOpen { result.append(string(line)) }
        return result
    }

    /// `text.lower()`: a sigma at the end of a word has another shape.
    static func lowercased(_ text: String) -> String {
        guard text.unicodeScalars.contains("\u{3A3}") else { return text.lowercased() }
        let scalars = Array(text.unicodeScalars)
        return scalars.indices.map { lowercased(scalars, $0) }.joined()
    }

    private static func lowercased(_ scalars: Scalars, _ index: Int) -> String {
        guard scalars[index] == "\u{3A3}" else { return scalars[index].properties.lowercaseMapping }
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        let isFinal = before?.properties.isCased == true && after?.properties.isCased != true
        return isFinal ? "\u{3C2}" : "\u{3C3}"
    }

    /// `text.title()`.
    static func title(_ text: String) -> String {
        var result = ""
        var wasCased = false
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            result += wasCased ? lowercased(scalars, index) : scalar.properties.titlecaseMapping
            wasCased = scalar.properties.isCased
        }
        return result
    }

    /// `text.expandtabs(8)` of one line.
    static func expandedTabs(_ text: String) -> String {
        var result = ""
        var column = 0
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                let width = 8 - column % 8
                result += String(repeating: " ", count: width)
                column += width
            } else {
                result.unicodeScalars.append(scalar)
                column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
            }
        }
        return result
    }

    /// `\r\n` and `\r` as `\n` (Django's `normalize_newlines`).
    static func normalizedNewlines(_ text: String) -> String {
        guard text.utf8.contains(0x0D) else { return text }
        return replace(replace(text, "\r\n", with: "\n"), "\r", with: "\n")
    }

    /// `repr(text)`.
    static func representation(_ text: String) -> String {
        let quote: Unicode.Scalar = text.utf8.contains(0x27) && !text.utf8.contains(0x22) ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case quote: result += "\\" + String(quote)
            default:
                if isPrintable(scalar) { result.unicodeScalars.append(scalar) } else { result += escaped(scalar) }
            }
        }
        return result + String(quote)
    }

    /// `ascii(text)`: its `repr` with all that is not ASCII escaped.
    static func asciiRepresentation(_ text: String) -> String {
        representation(text).unicodeScalars.map { $0.isASCII ? String($0) : escaped($0) }.joined()
    }

    static func escaped(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (mark, width) = scalar.value < 0x100 ? ("\\x", 2) : scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
        return mark + String(repeating: "0", count: width - digits.utf8.count) + digits
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }
}
