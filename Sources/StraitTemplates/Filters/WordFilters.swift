internal import StraitText

extension TemplateLibrary {
    /// Adds the filters that truncate, count, wrap and align.
    mutating func addWordFilters() {
        addText("truncatechars", .required, isSafe: true) { (input, argument, _) throws(TemplateError) in
            try Self.truncated("truncatechars", input, argument, Truncation.characters)
        }
        addText("truncatewords", .required, isSafe: true) { (input, argument, _) throws(TemplateError) in
            try Self.truncated("truncatewords", input, argument, Truncation.words)
        }
        addText("truncatechars_html", .required, isSafe: true) { (input, argument, _) throws(TemplateError) in
            try Self.truncated("truncatechars_html", input, argument, Truncation.htmlCharacters)
        }
        addText("truncatewords_html", .required, isSafe: true) { (input, argument, _) throws(TemplateError) in
            try Self.truncated("truncatewords_html", input, argument, Truncation.htmlWords)
        }
        addText("wordcount") { (input, _, _) in .int(PythonText.words(input.text).count) }
        addText("wordwrap", .required, isSafe: true) { (input, argument, _) throws(TemplateError) in
            guard let width = argument.asInt, width > 0 || PythonText.lines(input.text).isEmpty else {
                throw .notANumber("wordwrap", argument)
            }
            return .string(TextWrap.wrapped(input.text, width))
        }
        addText("ljust", .required, isSafe: true) { (input, argument, _) throws(TemplateError) in
            .string(input.text + Self.spaces(try Self.missing("ljust", input, argument)))
        }
        addText("rjust", .required, isSafe: true) { (input, argument, _) throws(TemplateError) in
            .string(Self.spaces(try Self.missing("rjust", input, argument)) + input.text)
        }
        addText("center", .required, isSafe: true) { (input, argument, _) throws(TemplateError) in
            let missing = try Self.missing("center", input, argument)
            // For an odd width, Python puts the extra space before the text.
            let width = missing + input.text.unicodeScalars.count
            let left = missing / 2 + (missing & width & 1)
            return .string(Self.spaces(left) + input.text + Self.spaces(missing - left))
        }
    }

    /// The maximum width. A larger one is a mistake or an attack.
    private static let widest = 1_000_000

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

    private static func missing(
        _ filter: String, _ input: TextInput, _ argument: TemplateValue
    ) throws(TemplateError) -> Int {
        guard let width = argument.asWhole else { throw .notANumber(filter, argument) }
        guard let width = width.int, width <= widest else {
            throw .badValue("'\(filter)' got the width \(width). Use at most \(widest) characters.")
        }
        return max(0, max(0, width) - input.text.unicodeScalars.count)
    }

    private static func truncated(
        _ filter: String, _ input: TextInput, _ argument: TemplateValue, _ cut: (String, Int) -> String
    ) throws(TemplateError) -> TemplateValue {
        guard let length = argument.asInt else {
            guard argument.string != nil else { throw .notANumber(filter, argument) }
            return .string(input.text)
        }
        return .string(cut(input.text, length))
    }
}
