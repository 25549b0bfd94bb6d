internal import StraitText

/// A parser for `name=value` arguments of tags.
enum KeywordArguments {
    typealias Arguments = [(name: String, value: FilterExpression)]

    /// Splits `name=value`. The name is nil if `word` does not have that form (Django's `kwarg_re`).
    static func divide(_ word: String) -> (name: String?, value: String) {
        guard let sign = word.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (nil, word) }
        let name = word[..<sign]
        let value = word[word.utf8.index(after: sign)...]
        guard !name.isEmpty, !value.isEmpty, name.unicodeScalars.allSatisfy(PythonText.isWord) else {
            return (nil, word)
        }
        return (String(name), String(value))
    }

    /// Removes the arguments from the front of `words`: `name=value …`, or with `allowsAs` also `value as name and …`
    /// (Django's `token_kwargs`).
    static func take(
        from words: inout ArraySlice<String>, _ parser: TemplateParser, allowsAs: Bool = false
    ) throws(TemplateError) -> Arguments {
        guard let first = words.first else { return [] }
        let isKeyword = divide(first).name != nil
        guard isKeyword || allowsAs else { return [] }
        var result: Arguments = []
        func put(_ name: String, _ text: String) throws(TemplateError) {
            let value = try parser.compileFilter(text)
            if let place = result.firstIndex(where: { $0.name == name }) {
                result[place].value = value
            } else {
                result.append((name, value))
            }
        }
        while let word = words.first {
            if isKeyword {
                let (name, value) = divide(word)
                guard let name else { return result }
                words.removeFirst()
                try put(name, value)
            } else {
                guard words.count >= 3, words[words.startIndex + 1] == "as" else { return result }
                let name = words[words.startIndex + 2]
                words.removeFirst(3)
                try put(name, word)
                guard words.first == "and" else { return result }
                words.removeFirst()
            }
        }
        return result
    }
}
