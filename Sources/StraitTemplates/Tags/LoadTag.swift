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
