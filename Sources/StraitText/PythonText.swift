internal import Foundation
internal import StraitCore

/// String operations with the semantics of Python's `str`: by Unicode scalars instead of grapheme clusters, and with
/// Python's white space.
@usableFromInline package enum PythonText {
    package typealias Scalars = [Unicode.Scalar]

    /// Whether Python's `str.isspace` is true for the scalar.
    @inlinable
    package static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x09...0x0D, 0x1C...0x1F, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
            0x3000:
            true
        default: false
        }
    }

    /// Whether `\w` of a Python regular expression matches the scalar.
    @inlinable
    package static func isWord(_ scalar: Unicode.Scalar) -> Bool {
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

    /// Whether `[a-z]` matches the scalar in a Python regular expression with `IGNORECASE`. It also matches four
    /// non-ASCII letters: `İ` and `ı` as `i`, `ſ` as `s`, and the Kelvin sign as `k`.
    package static func isLetterIgnoringCase(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0x130, 0x131, 0x17F, 0x212A: true
        default: false
        }
    }

    @inlinable
    package static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Returns `text.strip()`.
    package static func stripped(_ text: String) -> String { stripped(text, of: isSpace) }

    /// Removes scalars for which `isRemoved` is true from both ends of `text`.
    static func stripped(_ text: String, of isRemoved: (Unicode.Scalar) -> Bool) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isRemoved($0) }),
            let last = scalars.lastIndex(where: { !isRemoved($0) })
        else { return "" }
        return String(scalars[first...last])
    }

    /// Returns `text.split()`: the words between white space.
    package static func words(_ text: String) -> [String] {
        text.unicodeScalars.split(whereSeparator: isSpace).map { String($0) }
    }

    /// Returns `text.split(separator)`.
    package static func split(_ text: String, at separator: String) -> [String] {
        guard !separator.isEmpty else { return [text] }
        let bytes = Array(text.utf8)
        let pattern = BytePattern(separator)
        var result: [String] = []
        var start = 0
        while let found = pattern.first(in: bytes, from: start) {
            result.append(String(decoding: bytes[start..<found], as: UTF8.self))
            start = found + separator.utf8.count
        }
        result.append(String(decoding: bytes[start...], as: UTF8.self))
        return result
    }

    /// Returns `text.replace(old, new)`. As in Python, an empty `old` matches before, between and after all scalars.
    package static func replace(_ text: String, _ old: String, with new: String) -> String {
        if old.isEmpty {
            return new + text.unicodeScalars.map { String($0) + new }.joined()
        }
        return split(text, at: old).joined(separator: new)
    }

    /// Whether `part in text` is true.
    package static func contains(_ text: String, _ part: String) -> Bool {
        part.isEmpty || BytePattern(part).first(in: Array(text.utf8), from: 0) != nil
    }

    /// Whether `text.startswith(prefix)` is true.
    @inlinable
    package static func hasPrefix(_ text: some StringProtocol, _ prefix: String) -> Bool {
        text.utf8.starts(with: prefix.utf8)
    }

    /// Whether `text.endswith(suffix)` is true.
    package static func hasSuffix(_ text: some StringProtocol, _ suffix: String) -> Bool {
        text.utf8.count >= suffix.utf8.count && text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// Returns the parts of `text` before and after the first `separator`, or nil if there is none (Python's
    /// `partition`).
    package static func partition(_ text: Substring, at separator: UInt8) -> (front: Substring, behind: Substring)? {
        guard let place = text.utf8.firstIndex(of: separator) else { return nil }
        return (text[..<place], text[text.utf8.index(after: place)...])
    }

    /// Returns `unicodedata.normalize("NFC", text)` with one difference: runs of more than 30 combining marks are
    /// split. Normalizing a longer run takes quadratic time (Unicode UAX #15, section 13).
    package static func composed(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        var result = ""
        var start = text.startIndex
        var run = 0
        for index in text.unicodeScalars.indices {
            guard text.unicodeScalars[index].properties.canonicalCombiningClass != .notReordered else {
                run = 0
                continue
            }
            run += 1
            guard run > 30 else { continue }
            result += text[start..<index].precomposedStringWithCanonicalMapping
            start = index
            run = 1
        }
        return result + text[start...].precomposedStringWithCanonicalMapping
    }

    /// Whether `left` precedes `right` in scalar order, which is also the order of their UTF-8 bytes.
    @inlinable
    package static func isLess(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Returns `text.splitlines(keepends)`.
    package static func lines(_ text: String, keepsEnds: Bool = false) -> [String] {
        var result: [String] = []
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var index = start
        while index < scalars.endIndex {
            let scalar = scalars[index]
            var next = scalars.index(after: index)
            switch scalar.value {
            case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029:
                if scalar == "\r", next < scalars.endIndex, scalars[next] == "\n" { next = scalars.index(after: next) }
                result.append(String(scalars[start..<(keepsEnds ? next : index)]))
                start = next
            default: break
            }
            index = next
        }
        if start < scalars.endIndex { result.append(String(scalars[start...])) }
        return result
    }

    /// Returns `text.lower()`. A capital sigma at the end of a word becomes `ς`, elsewhere `σ`.
    package static func lowercased(_ text: String) -> String {
        guard text.unicodeScalars.contains("\u{3A3}") else { return text.lowercased() }
        let scalars = Array(text.unicodeScalars)
        let isCased = casedNeighbors(scalars)
        return scalars.indices.map { lowercased(scalars[$0], isCased[$0]) }.joined()
    }

    private static func lowercased(_ scalar: Unicode.Scalar, _ isCased: (before: Bool, after: Bool)) -> String {
        guard scalar == "\u{3A3}" else { return scalar.properties.lowercaseMapping }
        return isCased.before && !isCased.after ? "\u{3C2}" : "\u{3C3}"
    }

    /// Returns, for each scalar, whether the nearest scalars before and after it are cased letters. Case-ignorable
    /// scalars are skipped. Takes linear time.
    private static func casedNeighbors(_ scalars: Scalars) -> [(before: Bool, after: Bool)] {
        var result = [(before: Bool, after: Bool)](repeating: (false, false), count: scalars.count)
        var isCased = false
        for index in scalars.indices {
            result[index].before = isCased
            if !scalars[index].properties.isCaseIgnorable { isCased = scalars[index].properties.isCased }
        }
        isCased = false
        for index in scalars.indices.reversed() {
            result[index].after = isCased
            if !scalars[index].properties.isCaseIgnorable { isCased = scalars[index].properties.isCased }
        }
        return result
    }

    /// Returns `text.title()`.
    package static func title(_ text: String) -> String {
        var result = ""
        var wasCased = false
        let scalars = Array(text.unicodeScalars)
        let isCased = scalars.contains("\u{3A3}") ? casedNeighbors(scalars) : []
        for (index, scalar) in scalars.enumerated() {
            result +=
                wasCased
                ? lowercased(scalar, isCased.isEmpty ? (false, false) : isCased[index])
                : scalar.properties.titlecaseMapping
            wasCased = scalar.properties.isCased
        }
        return result
    }

    /// Returns `text.expandtabs(8)`.
    package static func expandedTabs(_ text: String) -> String {
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

    /// Replaces `\r\n` and `\r` with `\n` (Django's `normalize_newlines`).
    package static func normalizedNewlines(_ text: String) -> String {
        guard text.utf8.contains(0x0D) else { return text }
        return replace(replace(text, "\r\n", with: "\n"), "\r", with: "\n")
    }

    /// Returns `repr(text)`.
    package static func representation(_ text: String) -> String {
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

    /// Returns `ascii(text)`: the `repr` with all non-ASCII scalars escaped.
    package static func asciiRepresentation(_ text: String) -> String {
        representation(text).unicodeScalars.map { $0.isASCII ? String($0) : escaped($0) }.joined()
    }

    package static func escaped(_ scalar: Unicode.Scalar) -> String {
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
