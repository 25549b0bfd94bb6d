extension TemplateValue {
    /// Returns the value of `{{ self.name }}`, or nil if there is none. A dictionary's entry has precedence over a
    /// member, and a member over the element at `index`.
    func member(_ name: String, index: Int?) -> TemplateValue? {
        if case .dictionary(let dictionary) = self, let value = dictionary[name] { return value }
        // No member's name is that long, and comparing long untrusted text could take quadratic time.
        guard name.utf8.count <= 256 else { return nil }
        switch self {
        case .dictionary(let dictionary): return DictionaryView(dictionary, named: name).map { .object($0) }
        case .object(let object):
            if let value = object[member: name] { return value }
            // A dictionary view cannot be indexed.
            guard let index, !(object is DictionaryView) else { return nil }
            return object.templateElements.flatMap { $0.at(index) }
        case .list(let elements), .tuple(let elements): return index.flatMap { elements.at($0) }
        case .string, .safe:
            guard let text = string else { return nil }
            if let index { return text.unicodeScalars.dropFirst(index).first.map { .string(String($0)) } }
            return Self.member(name, ofText: text)
        case .date(let date): return date.member(name)
        default: return nil
        }
    }

    /// Returns the result of a Python `str` method that needs no arguments.
    private static func member(_ name: String, ofText text: String) -> TemplateValue? {
        let scalars = text.unicodeScalars
        func all(_ holds: (Unicode.Scalar) -> Bool) -> TemplateValue {
            .bool(!text.isEmpty && scalars.allSatisfy(holds))
        }
        switch name {
        case "upper": return .string(text.uppercased())
        case "lower", "casefold": return .string(PythonText.lowercased(text))
        case "title": return .string(PythonText.title(text))
        case "capitalize":
            return .string(
                (scalars.first?.properties.titlecaseMapping ?? "") + String(scalars.dropFirst()).lowercased())
        case "swapcase":
            return .string(
                scalars.map {
                    $0.properties.isUppercase ? $0.properties.lowercaseMapping : $0.properties.uppercaseMapping
                }
                .joined())
        case "strip": return .string(PythonText.stripped(text))
        case "lstrip": return .string(String(scalars.drop(while: PythonText.isSpace)))
        case "rstrip":
            return .string(
                scalars.lastIndex { !PythonText.isSpace($0) }.map { String(scalars[...$0]) } ?? "")
        case "split": return .list(PythonText.words(text).map { .string($0) })
        case "splitlines": return .list(PythonText.lines(text).map { .string($0) })
        case "isdigit", "isdecimal", "isnumeric": return all { $0.properties.generalCategory == .decimalNumber }
        case "isalpha": return all { $0.properties.isAlphabetic }
        case "isalnum": return all { $0 != "_" && PythonText.isWord($0) }
        case "isspace": return all(PythonText.isSpace)
        case "isupper":
            return .bool(PythonText.equal(text, text.uppercased()) && scalars.contains { $0.properties.isCased })
        case "islower":
            return .bool(PythonText.equal(text, text.lowercased()) && scalars.contains { $0.properties.isCased })
        default: return nil
        }
    }
}

extension Array {
    /// Returns the element at `index`, or nil if it is out of bounds.
    func at(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
