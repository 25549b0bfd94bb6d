internal import StraitModels

/// Swift source of the default values of columns.
enum DefaultSource {
    /// Returns the argument of `@DatabaseDefault` for a default value of a database, or nil if it has none.
    ///
    /// - Parameters:
    ///   - text: The default as SQL.
    ///   - type: The type of the property without an optional.
    static func literal(_ text: String, type: String) -> String? {
        var tokens = SQLTokens(text).tokens[...]
        while tokens.first == .symbol("("), tokens.last == .symbol(")") { tokens = tokens.dropFirst().dropLast() }
        if let place = tokens.firstIndex(of: .symbol("::")) { tokens = tokens[..<place] }
        while tokens.first == .symbol("("), tokens.last == .symbol(")") { tokens = tokens.dropFirst().dropLast() }
        if isNow(tokens, type) { return ".now" }
        // SQLite's constants of decimals: `CAST('2.50' AS NUMERIC)`.
        if tokens.count == 6, tokens.first?.isWord("cast") == true { tokens = tokens.dropFirst(2).prefix(1) }
        var sign = ""
        if tokens.first == .symbol("-") {
            sign = "-"
            tokens = tokens.dropFirst()
        }
        guard let token = tokens.first, tokens.count == 1 else { return nil }
        switch (token, type) {
        case (.number(let number), "Int16"), (.number(let number), "Int32"), (.number(let number), "Int"),
            (.string(let number), "Int16"), (.string(let number), "Int32"), (.string(let number), "Int"):
            return Int64(sign + number).map { "\($0)" }
        case (.number(let number), "Double"), (.string(let number), "Double"):
            return Double(sign + number).flatMap { $0.isFinite ? "\($0)" : nil }
        case (.number(let number), "Decimal"), (.string(let number), "Decimal"):
            return Double(number) == nil ? nil : OperationSource.literal(sign + number)
        case (.number("0"), "Bool"), (.word("false"), "Bool"), (.word("FALSE"), "Bool"): return "false"
        case (.number("1"), "Bool"), (.word("true"), "Bool"), (.word("TRUE"), "Bool"): return "true"
        case (.string(let text), "String"), (.string(let text), "UUID"), (.string(let text), "Date"),
            (.string(let text), "PlainDate"), (.string(let text), "PlainTime"), (.string(let text), "JSONValue"):
            return OperationSource.literal(text)
        default: return nil
        }
    }

    /// Whether a default is the time of the statement, as migrations write it.
    private static func isNow(_ tokens: ArraySlice<SQLToken>, _ type: String) -> Bool {
        guard case .word(let function)? = tokens.first else { return false }
        let strings = tokens.compactMap { token -> String? in
            if case .string(let text) = token { return text }
            return nil
        }
        return switch (function.lowercased(), type) {
        case ("statement_timestamp", _): ["Date", "PlainDate", "PlainTime"].contains(type)
        case ("strftime", "Date"): strings == ["%Y-%m-%d %H:%M:%f", "NOW"]
        case ("date", "PlainDate"), ("time", "PlainTime"): strings == ["NOW"]
        default: false
        }
    }

    /// Returns the number of digits after the point of a decimal default, or nil without one. SQLite stores it nowhere
    /// else.
    static func places(_ text: String) -> Int? {
        guard let literal = literal(text, type: "Decimal"), let point = literal.firstIndex(of: ".") else { return nil }
        return literal.distance(from: point, to: literal.endIndex) - 2
    }
}
