internal import StraitDatabase

/// A part of SQL text.
enum SQLToken: Sendable, Hashable {
    /// A name in quotes.
    case name(String)
    /// A name or keyword without quotes.
    case word(String)
    case number(String)
    case string(String)
    /// An operator or punctuation.
    case symbol(String)

    /// Whether the token is a keyword, in any case.
    func isWord(_ word: String) -> Bool {
        if case .word(let text) = self { return text.lowercased() == word }
        return false
    }

    /// The name in quotes or without, or nil.
    var identifier: String? {
        switch self {
        case .name(let text), .word(let text): text
        default: nil
        }
    }
}

/// SQL text in parts, each with its place, for definitions that a database returns.
struct SQLTokens {
    private(set) var tokens: [SQLToken] = []
    /// The places of the tokens.
    private var places: [Range<String.Index>] = []
    private let text: String

    init(_ text: String) {
        self.text = text
        var place = text.startIndex
        while place < text.endIndex {
            let start = place
            if text[place].isWhitespace {
                place = text.index(after: place)
                continue
            }
            if text[place...].hasPrefix("--") {
                place = text[place...].firstIndex(where: \.isNewline) ?? text.endIndex
                continue
            }
            tokens.append(Self.token(text, &place))
            places.append(start..<place)
        }
    }

    private static let operators = ["<>", "<=", ">=", "!=", "||", "::", "->", "=="]

    private static func token(_ text: String, _ place: inout String.Index) -> SQLToken {
        let first = text[place]
        switch first {
        case "'": return .string(quoted(text, &place, end: first))
        case "\"", "`": return .name(quoted(text, &place, end: first))
        case "[" where text[place...].dropFirst().first?.isLetter == true && !isArray(text, place):
            return .name(quoted(text, &place, end: "]"))
        default: break
        }
        if first.isNumber {
            var rest = text[place...].prefix { $0.isNumber || $0 == "." || $0 == "e" || $0 == "E" }
            // The sign of an exponent.
            if let last = rest.last, last == "e" || last == "E", let sign = text[rest.endIndex...].first,
                sign == "+" || sign == "-"
            {
                rest = text[place..<rest.endIndex]
                let end = text[text.index(after: rest.endIndex)...].prefix(while: \.isNumber).endIndex
                defer { place = end }
                return .number(String(text[place..<end]))
            }
            place = rest.endIndex
            return .number(String(rest))
        }
        if first.isLetter || first == "_" {
            let word = text[place...].prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
            place = word.endIndex
            return .word(String(word))
        }
        for symbol in operators where text[place...].hasPrefix(symbol) {
            place = text.index(place, offsetBy: 2)
            return .symbol(symbol)
        }
        place = text.index(after: place)
        return .symbol(String(first))
    }

    /// Whether a bracket opens a list of PostgreSQL: `ARRAY[…]`.
    private static func isArray(_ text: String, _ place: String.Index) -> Bool {
        text[..<place].lowercased().hasSuffix("array")
    }

    /// Reads a text in quotes, in which the closing quote is written twice.
    private static func quoted(_ text: String, _ place: inout String.Index, end: Character) -> String {
        var result = ""
        place = text.index(after: place)
        while place < text.endIndex {
            let letter = text[place]
            place = text.index(after: place)
            if letter == end {
                guard place < text.endIndex, text[place] == end else { break }
                place = text.index(after: place)
            }
            result.append(letter)
        }
        return result
    }

    /// Returns the text of a range of tokens.
    func text(of range: Range<Int>) -> String {
        guard !range.isEmpty else { return "" }
        return String(text[places[range.lowerBound].lowerBound..<places[range.upperBound - 1].upperBound])
    }

    /// Returns the index after the parenthesis that closes the one at `open`, or the end.
    func end(ofGroupAt open: Int) -> Int {
        var depth = 0
        for index in open..<tokens.count {
            if tokens[index] == .symbol("(") { depth += 1 }
            if tokens[index] == .symbol(")") {
                depth -= 1
                if depth == 0 { return index + 1 }
            }
        }
        return tokens.count
    }

    /// Returns the ranges between the commas of the group at `open`.
    func items(ofGroupAt open: Int) -> [Range<Int>] {
        let end = end(ofGroupAt: open) - 1
        var items: [Range<Int>] = []
        var (start, index) = (open + 1, open + 1)
        while index < end {
            if tokens[index] == .symbol("(") {
                index = self.end(ofGroupAt: index)
            } else {
                if tokens[index] == .symbol(",") {
                    items.append(start..<index)
                    start = index + 1
                }
                index += 1
            }
        }
        if start < end { items.append(start..<end) }
        return items
    }

    /// Whether a token is the name of a column, with or without quotes.
    private func isColumn(_ name: String, at index: Int) -> Bool {
        switch tokens[index] {
        case .name(name): true
        case .word(name): !Self.keywords.contains(name.lowercased()) && !isFollowed(index, by: "(")
        default: false
        }
    }

    private func isFollowed(_ index: Int, by symbol: String) -> Bool {
        index + 1 < tokens.count && tokens[index + 1] == .symbol(symbol)
    }

    /// Whether the text names a column.
    func names(column: String) -> Bool { tokens.indices.contains { isColumn(column, at: $0) } }

    /// Returns the text with another name of a column. Text in quotation marks stays.
    func renaming(_ column: String, to newName: String) -> String {
        var result = ""
        var start = text.startIndex
        for (index, place) in places.enumerated() where isColumn(column, at: index) {
            result += text[start..<place.lowerBound] + SQL.quoted(newName)
            start = place.upperBound
        }
        return result + text[start...]
    }

    /// Words that are no columns, unless they have quotes.
    static let keywords: Set<String> = [
        "and", "or", "not", "null", "is", "in", "between", "true", "false", "case", "cast", "exists", "like", "array",
        "any", "current_timestamp", "current_date", "current_time", "when", "then", "else", "end", "as", "escape",
    ]

    /// The condition after `WHERE` in the definition of an index, or nil.
    var indexCondition: String? {
        var index = 0
        while index < tokens.count {
            if tokens[index] == .symbol("(") {
                index = end(ofGroupAt: index)
                continue
            }
            if tokens[index].isWord("where") { return text(of: index + 1..<tokens.count) }
            index += 1
        }
        return nil
    }
}
