/// A user's name: one line of visible characters.
struct PersonName {
    let text: String

    static let rule = "A name has 1 to 30 visible characters."

    init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard (1...30).contains(words.unicodeScalars.count), !words.unicodeScalars.contains(where: Self.isInvisible)
        else { return nil }
        self.text = words
    }

    /// Whether the scalar is invisible and could make a name look like another one.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        // Such as a filler, a variation selector or an empty pattern of Braille, and the mark of users.
        if scalar.properties.isDefaultIgnorableCodePoint || scalar == "\u{2800}" || scalar == "\u{2713}" { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
