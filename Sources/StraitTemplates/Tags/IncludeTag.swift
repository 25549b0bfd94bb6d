internal import StraitCore
internal import StraitText

/// `{% include name with a=1 only %}`: renders another template at its position.
struct IncludeNode: TemplateNode {
    private let template: FilterExpression
    private let values: KeywordArguments.Arguments
    private let isAlone: Bool
    private let current: String?

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.splitContents()
        guard words.count >= 2 else {
            throw .syntax(
                "'include' takes the name of the template to be included. Expected {% include \"part.html\" %}.")
        }
        var values: KeywordArguments.Arguments?
        var isAlone = false
        var rest = words.dropFirst(2)
        while let option = rest.popFirst() {
            switch option {
            case "with":
                guard values == nil else { throw .syntax("'include' has 'with' more than once. Combine them.") }
                values = try KeywordArguments.take(from: &rest, parser)
                if values?.isEmpty == true {
                    throw .syntax("'with' in 'include' needs at least one argument. Expected name=value.")
                }
            case "only":
                guard !isAlone else { throw .syntax("'include' has 'only' more than once. Remove one.") }
                isAlone = true
            default: throw .syntax("Unknown argument for 'include': '\(option)'. Expected 'with' or 'only'.")
            }
        }
        let name = try RelativeName.resolve(words[1], from: parser.templateName, allowsSelf: true)
        return IncludeNode(
            template: try parser.compileFilter(name), values: values ?? [], isAlone: isAlone,
            current: parser.templateName)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let template = try included(context)
        var resolved: [(String, TemplateValue)] = []
        for (name, expression) in values { resolved.append((name, try expression.resolve(context))) }
        if isAlone {
            let values = Dictionary(resolved) { $1 }
            return try template.render(context.new(values), into: &output)
        }
        try context.with(resolved) { () throws(TemplateError) in try template.render(context, into: &output) }
    }

    private func included(_ context: TemplateContext) throws(TemplateError) -> Template {
        let value = try template.resolve(context)
        if case .object(let object) = value, let reference = object as? TemplateReference { return reference.template }
        if let name = value.string, !name.isEmpty {
            return try context.engine.template(try RelativeName.resolve(name, from: current, allowsSelf: false))
        }
        guard value.isTrue else {
            throw TemplateError(
                .notFound, "'\(template.text)' in 'include' is empty. Use the name of a template.")
        }
        guard let names = value.elements?.map(\.text) else {
            throw .badValue(
                "'\(template.text)' in 'include' is \(value.representation). Use the name of a template.")
        }
        return try context.engine.template(firstOf: names)
    }
}

/// Template names that begin with `./` or `../`, relative to the current template.
enum RelativeName {
    /// Returns the full name of a relative `name`, which can be in quotes (Django's `construct_relative_path`). Other
    /// names are returned unchanged.
    static func resolve(
        _ name: String, from current: String?, allowsSelf: Bool
    ) throws(TemplateError) -> String {
        let quotes: Set<UInt8> = [0x22, 0x27]
        let quote = name.utf8.first.flatMap { first in
            name.utf8.last == first && quotes.contains(first) ? String(Unicode.Scalar(first)) : nil
        }
        let start = name.utf8.firstIndex { !quotes.contains($0) } ?? name.endIndex
        let end = name.utf8.lastIndex { !quotes.contains($0) }.map { name.utf8.index(after: $0) } ?? name.endIndex
        let bare = start < end ? String(name[start..<end]) : ""
        guard PythonText.hasPrefix(bare, "./") || PythonText.hasPrefix(bare, "../") else { return name }
        guard let current else {
            throw .syntax("'\(bare)' is relative, but the template has no name. Use the full name.")
        }
        let own = String(Substring(current.utf8.drop { $0 == 0x2F }))
        var parts: [Substring.UTF8View] = []
        for part in own.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).dropLast()
            + bare.utf8.split(separator: 0x2F)
        {
            if part.isEmpty || part.elementsEqual([0x2E]) { continue }
            guard part.elementsEqual([0x2E, 0x2E]) else {
                parts.append(part)
                continue
            }
            guard parts.popLast() != nil else {
                throw .syntax(
                    "The relative name '\(bare)' in '\(own)' leads outside the templates' root. Remove a '../'.")
            }
        }
        let result = parts.map { String(Substring($0)) }.joined(separator: "/")
        guard allowsSelf || !result.hasSameBytes(as: own) else {
            throw .syntax("The relative name '\(bare)' is the template itself. Name another template.")
        }
        return (quote ?? "") + result + (quote ?? "")
    }
}

/// `{% load a b %}` and `{% load tag filter from a %}`: load custom tags and filters.
enum LoadTag {
    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.words
        guard words.count >= 4, words[words.count - 2] == "from" else {
            for name in words.dropFirst() { parser.add(try library(name, parser)) }
            return EmptyNode()
        }
        let name = words[words.count - 1]
        let (subset, missing) = try library(name, parser).subset(words[1..<words.count - 2])
        if let missing {
            throw .syntax("The library '\(name)' has no tag or filter '\(missing)'. Check the spelling.")
        }
        parser.add(subset)
        return EmptyNode()
    }

    private static func library(_ name: String, _ parser: TemplateParser) throws(TemplateError) -> TemplateLibrary {
        if let library = parser.engine.libraries[name] { return library }
        let names = parser.engine.libraries.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
        throw .syntax("There is no library '\(name)'. Pass it to the engine, or load one of \(names).")
    }
}
