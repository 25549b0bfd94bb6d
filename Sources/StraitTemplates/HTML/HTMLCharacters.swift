internal import StraitText

/// Python's `html.unescape`: decodes references such as `&amp;`, `&#39;` and `&eacute`.
enum HTMLCharacters {
    /// Returns `text` with all character references decoded.
    static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if scalars[index] == "&", let (replacement, end) = reference(scalars, from: index + 1) {
                result.append(contentsOf: replacement.unicodeScalars)
                index = end
            } else {
                result.append(scalars[index])
                index += 1
            }
        }
        return String(result)
    }

    private static func reference(_ scalars: [Unicode.Scalar], from start: Int) -> (String, Int)? {
        guard start < scalars.count else { return nil }
        if scalars[start] == "#" { return number(scalars, from: start + 1) }
        // The longest name has 32 characters.
        var end = start
        while end < scalars.count, end - start < 32, !isEnd(scalars[end]) { end += 1 }
        // All names are ASCII. The check is needed because Swift's comparison treats some other scalars as equal.
        let asciiEnd = scalars[start..<end].firstIndex { !$0.isASCII } ?? end
        if asciiEnd < end { return shorter(scalars, start..<asciiEnd) }
        guard end > start else { return nil }
        if end < scalars.count, scalars[end] == ";",
            let text = EntityNames.texts[Substring(PythonText.string(scalars[start...end]))]
        {
            return (text, end + 1)
        }
        return shorter(scalars, start..<end)
    }

    /// Returns the longest name without a semicolon that `range` begins with.
    private static func shorter(_ scalars: [Unicode.Scalar], _ range: Range<Int>) -> (String, Int)? {
        var end = range.upperBound
        while end > range.lowerBound + 1 {
            let name = Substring(PythonText.string(scalars[range.lowerBound..<end]))
            if let text = EntityNames.texts[name] { return (text, end) }
            end -= 1
        }
        return nil
    }

    private static func isEnd(_ scalar: Unicode.Scalar) -> Bool {
        ["\t", "\n", "\u{0C}", " ", "<", "&", "#", ";"].contains(scalar)
    }

    private static func number(_ scalars: [Unicode.Scalar], from start: Int) -> (String, Int)? {
        let isHexadecimal = start < scalars.count && (scalars[start] == "x" || scalars[start] == "X")
        var end = isHexadecimal ? start + 1 : start
        let first = end
        var value = 0
        while end < scalars.count, scalars[end].isASCII,
            let digit = Character(scalars[end]).hexDigitValue, isHexadecimal || digit < 10
        {
            value = min(value * (isHexadecimal ? 16 : 10) + digit, 0x110000)
            end += 1
        }
        guard end > first else { return nil }
        if end < scalars.count, scalars[end] == ";" { end += 1 }
        return (text(value), end)
    }

    private static func text(_ value: Int) -> String {
        if let replaced = replaced[value] { return String(replaced) }
        if value == 0 || value > 0x10FFFF || (0xD800...0xDFFF).contains(value) { return "\u{FFFD}" }
        let isControl =
            (1...8).contains(value) || value == 0x0B || (0x0E...0x1F).contains(value) || (0x7F...0x9F).contains(value)
        let isNone = (0xFDD0...0xFDEF).contains(value) || value & 0xFFFE == 0xFFFE
        guard !isControl, !isNone, let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else { return "" }
        return String(scalar)
    }

    /// The characters for references to Windows-1252 codes.
    private static let replaced: [Int: Unicode.Scalar] = {
        let scalars =
            """
            \u{20ac}\u{81}\u{201a}\u{0192}\u{201e}\u{2026}\u{2020}\u{2021}\
            \u{02c6}\u{2030}\u{0160}\u{2039}\u{0152}\u{8d}\u{017d}\u{8f}\
            \u{90}\u{2018}\u{2019}\u{201c}\u{201d}\u{2022}\u{2013}\u{2014}\
            \u{02dc}\u{2122}\u{0161}\u{203a}\u{0153}\u{9d}\u{017e}\u{0178}
            """
        var result: [Int: Unicode.Scalar] = [0x0D: "\r"]
        for (index, scalar) in scalars.unicodeScalars.enumerated() { result[0x80 + index] = scalar }
        return result
    }()
}
