internal import StraitNetwork

extension StreamSafeText {
    /// Returns `text` with at most ``maximumRun`` non-starters in a row: U+034F, the combining grapheme joiner, is
    /// inserted after them. This is the Stream-Safe Text Process of Unicode UAX #15.
    static func broken(_ text: String) -> String {
        var run = 0
        var broken = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let weight = nonStarters(scalar)
            if weight == 0 {
                run = 0
            } else if run + weight > maximumRun {
                broken.append("\u{34F}")
                run = weight
            } else {
                run += weight
            }
            broken.append(scalar)
        }
        return String(broken)
    }
}
