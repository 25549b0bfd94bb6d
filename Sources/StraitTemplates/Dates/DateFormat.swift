internal import StraitText

/// A format of Django's filters `date` and `time`, such as `Y-m-d H:i`, divided into its parts.
struct DateFormat: Sendable {
    /// A part of a format.
    enum Part: Sendable {
        /// A letter that stands for a part of the date.
        case letter(Unicode.Scalar)
        /// Text that is printed as it is.
        case text(String)
    }

    /// The source text, for error messages.
    let text: String
    let parts: [Part]

    /// Divides `text` into its parts. A backslash makes the letter that follows it text.
    init(_ text: String) {
        self.text = text
        var parts: [Part] = []
        var wasBackslash = false
        var literal = ""
        for scalar in text.unicodeScalars {
            if !wasBackslash, Self.letters.contains(scalar) {
                if !literal.isEmpty { parts.append(.text(Self.unescaped(literal))) }
                literal = ""
                parts.append(.letter(scalar))
            } else {
                literal.unicodeScalars.append(scalar)
            }
            wasBackslash = scalar == "\\"
        }
        if !literal.isEmpty { parts.append(.text(Self.unescaped(literal))) }
        self.parts = parts
    }

    /// Creates the format with the name `name`, such as `SHORT_DATE_FORMAT`, or else the format `name` itself.
    init(named name: String) {
        // The names are rarer than formats, and end with the same letter.
        self.init(name.utf8.last == UInt8(ascii: "T") ? Self.formats[TextKey(name)] ?? name : name)
    }

    /// Django's `DATE_FORMAT`, `TIME_FORMAT` and `DATETIME_FORMAT`.
    static let date = DateFormat(named: "DATE_FORMAT")
    static let time = DateFormat(named: "TIME_FORMAT")
    static let dateTime = DateFormat(named: "DATETIME_FORMAT")

    private static let formats: [TextKey: String] = [
        "DATE_FORMAT": "N j, Y", "TIME_FORMAT": "P", "DATETIME_FORMAT": "N j, Y, P", "YEAR_MONTH_FORMAT": "F Y",
        "MONTH_DAY_FORMAT": "F j", "SHORT_DATE_FORMAT": "m/d/Y", "SHORT_DATETIME_FORMAT": "m/d/Y P",
    ]

    /// The letters that need a time.
    static let timeLetters = Letters("aAefgGhHiOPsTuZ")
    private static let letters = Letters("aAefgGhHiOPsTuZbcdDEFIjlLmMnNorStUwWyYz")

    /// A set of ASCII letters, one bit for each.
    struct Letters: Sendable {
        private let bits: UInt128

        init(_ letters: String) { bits = letters.utf8.reduce(0) { $0 | 1 << UInt128($1) } }

        func contains(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 128 && bits >> UInt128(scalar.value) & 1 == 1 }
    }

    /// Replaces `\x` with `x`, except before a line break.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if !isEscaped, scalar == "\\" {
                isEscaped = true
                continue
            }
            if isEscaped, scalar == "\n" { result.append("\\") }
            result.append(scalar)
            isEscaped = false
        }
        if isEscaped { result.append("\\") }
        return String(result)
    }
}
