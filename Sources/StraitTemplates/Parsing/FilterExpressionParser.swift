/// A parser for `name|filter:argument|filter`. It accepts the same syntax as Django's regular expression.
struct FilterExpressionParser {
    private let text: String
    private let scalars: [Unicode.Scalar]
    private var index = 0

    private init(_ text: String) {
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    /// Parses all of `text`. The closure returns the filter for a name.
    static func parse(
        _ text: String, filter: (String) throws(TemplateError) -> TemplateFilter
    ) throws(TemplateError) -> FilterExpression {
        var parser = FilterExpressionParser(text)
        guard let operand = try parser.operand() else {
            throw .syntax(
                "Could not find a variable at the start of '\(text)'. Expected a name, a number or a quoted string.")
        }
        var calls: [FilterExpression.Call] = []
        while parser.index < parser.scalars.count {
            let start = parser.index
            guard let name = parser.filterName() else {
                let rest = PythonText.string(parser.scalars[start...])
                throw .syntax(
                    "Could not parse the remainder '\(rest)' of '\(text)'. Expected '|' and a filter, or the end.")
            }
            var argument: FilterExpression.Operand?
            if parser.peek == ":" {
                parser.index += 1
                argument = try parser.operand()
                if argument == nil {
                    throw .syntax(
                        """
                        Could not parse the argument of the filter '\(name)' in '\(text)'. \
                        Expected a name, a number or a quoted string after ':'.
                        """)
                }
            }
            let found = try filter(name)
            try found.check(hasArgument: argument != nil)
            calls.append(FilterExpression.Call(filter: found, argument: argument))
            guard calls.count <= limit else {
                throw .syntax("'\(name)' is filter number \(calls.count) of one value. Use at most \(limit) filters.")
            }
        }
        return FilterExpression(text: text, operand: operand, calls: calls)
    }

    private static let limit = 200

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    /// Reads a filter's name: `\s*\|\s*(\w+)`.
    private mutating func filterName() -> String? {
        skipSpace()
        guard peek == "|" else { return nil }
        index += 1
        skipSpace()
        let start = index
        while let scalar = peek, PythonText.isWord(scalar) { index += 1 }
        return start < index ? PythonText.string(scalars[start..<index]) : nil
    }

    private mutating func skipSpace() {
        while let scalar = peek, PythonText.isSpace(scalar) { index += 1 }
    }

    /// Reads a quoted constant, a variable or a number. Returns nil if there is none.
    private mutating func operand() throws(TemplateError) -> FilterExpression.Operand? {
        if let constant = constant() { return .constant(.safe(SafeString(constant))) }
        let start = index
        while let scalar = peek, PythonText.isWord(scalar) || scalar == "." { index += 1 }
        if index == start { signedNumber() }
        guard index > start else { return nil }
        let name = PythonText.string(scalars[start..<index])
        if let number = Self.number(name) { return .constant(number) }
        return .variable(try Variable(name))
    }

    /// Reads a number with a sign: `[-+]\d[\d.e]*`.
    private mutating func signedNumber() {
        guard let sign = peek, sign == "-" || sign == "+", index + 1 < scalars.count, Self.isDigit(scalars[index + 1])
        else { return }
        index += 2
        while let scalar = peek, Self.isDigit(scalar) || scalar == "." || scalar == "e" { index += 1 }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// Returns `name` as a number by Python's rules, or nil if it is not a number.
    private static func number(_ name: String) -> TemplateValue? {
        if name.utf8.contains(UInt8(ascii: ".")) || name.lowercased().utf8.contains(UInt8(ascii: "e")) {
            guard name.utf8.last != UInt8(ascii: ".") else { return nil }
            return PythonNumber.double(name).map { .double($0) }
        }
        if let number = PythonNumber.int(name) { return .int(number) }
        return PythonNumber.whole(name).map { .decimal($0) }
    }

    /// Reads a quoted string, with or without `_(…)` around it, and returns its contents.
    private mutating func constant() -> String? {
        var start = index
        let isMarked = start + 1 < scalars.count && scalars[start] == "_" && scalars[start + 1] == "("
        if isMarked { start += 2 }
        guard let end = TokenSplitter.stringEnd(scalars, from: start) else { return nil }
        if isMarked { guard end < scalars.count, scalars[end] == ")" else { return nil } }
        index = isMarked ? end + 1 : end
        let quote = String(scalars[start])
        let inner = PythonText.string(scalars[start + 1..<end - 1])
        return PythonText.replace(PythonText.replace(inner, "\\" + quote, with: quote), "\\\\", with: "\\")
    }
}
