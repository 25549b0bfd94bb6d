/// Text as a log line may have it. Lines hold text that clients chose, such as paths. It must not begin a line of its own,
/// control a terminal, reverse what follows it, or look like another key.
enum LogText {
    /// `text` as one line. Its lines are joined with ` | `, without the white space around them: an error of several lines
    /// stays one record and can be read. Other control characters are written as Swift's escapes.
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var line = ""
        for part in text.unicodeScalars.split(whereSeparator: isLineEnd) {
            let part = trimmed(part)
            if part.isEmpty { continue }
            if !line.isEmpty { line += " | " }
            for scalar in part { append(scalar, to: &line) }
        }
        return line
    }

    /// `text` as the value of a key: as it is if it is one plain word, else in quotation marks, with escapes.
    static func value(_ text: String) -> String {
        guard text.isEmpty || text.unicodeScalars.contains(where: isQuoted) else { return text }
        var value = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                value += "\\"
                value.unicodeScalars.append(scalar)
            default: append(scalar, to: &value)
            }
        }
        return value + "\""
    }

    /// `text` as a key: what is no part of a word becomes `_`.
    static func key(_ text: String) -> String {
        guard text.isEmpty || text.unicodeScalars.contains(where: isQuoted) else { return text }
        return text.isEmpty
            ? "_" : String(String.UnicodeScalarView(text.unicodeScalars.map { isQuoted($0) ? "_" : $0 }))
    }

    /// The first scalars of `text`, as many as have room in `count` bytes.
    static func prefix(_ text: String, _ count: Int) -> String {
        var room = count
        return String(
            text.unicodeScalars.prefix { scalar in
                room -= UTF8.width(scalar)
                return room >= 0
            })
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\n": text += #"\n"#
        case "\r": text += #"\r"#
        case "\t": text += #"\t"#
        case _ where isUnsafe(scalar): text += #"\u{\#(String(scalar.value, radix: 16))}"#
        default: text.unicodeScalars.append(scalar)
        }
    }

    private static func trimmed(_ part: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        let start = part.drop(while: isBlank)
        guard let end = start.lastIndex(where: { !isBlank($0) }) else { return start }
        return start[...end]
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\r" }

    private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0B, 0x0C, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Whether a scalar is a control character, ends a line, or changes the direction of what follows (UAX #9).
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func isQuoted(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\"", "\\", "=": true
        default: isUnsafe(scalar) || scalar.properties.isWhitespace
        }
    }
}
