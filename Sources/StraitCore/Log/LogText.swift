internal import CLinux

/// Sanitized text for log lines, which may include text that clients chose, such as paths. That text must not start a
/// new line, control a terminal, change the text direction, or pass for another key.
enum LogText {
    /// Returns `text` as one line. Lines are joined with ` | `, without the white space around them, so that an error
    /// of several lines stays one readable record. Other control characters become Swift escapes.
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

    /// Returns `text` as the value of a key: unchanged if it is one plain word, otherwise quoted and escaped.
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

    /// Returns `text` as a key: each character that is not part of a plain word becomes `_`.
    static func key(_ text: String) -> String {
        guard text.isEmpty || text.unicodeScalars.contains(where: isQuoted) else { return text }
        return text.isEmpty
            ? "_" : String(String.UnicodeScalarView(text.unicodeScalars.map { isQuoted($0) ? "_" : $0 }))
    }

    /// Returns as many of the first scalars of `text` as fit in `count` bytes.
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

    /// Whether a scalar is a control character, a line separator, or a control of the text direction (UAX #9).
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

/// The server's local time, for log lines.
package enum LocalTime {
    /// Formats `seconds` since 1970 with `strftime`'s `format`.
    package static func text(_ seconds: Int64, format: String) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            // SAFETY: the call writes at most 64 bytes and returns their number.
            let count = unsafe strait_local_time(seconds, format, buffer.baseAddress, 64)
            return unsafe String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(count)), as: UTF8.self)
        }
    }
}
