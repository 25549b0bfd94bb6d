/// `{% lorem count method random %}`: prints placeholder text.
struct LoremNode: TemplateNode {
    private let count: FilterExpression
    private let method: String
    private let isCommon: Bool

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        var words = token.splitContents()
        let isCommon = words.last != "random"
        if !isCommon { words.removeLast() }
        var method = "b"
        if let last = words.last, ["w", "p", "b"].contains(last) {
            method = last
            words.removeLast()
        }
        let count = words.count > 1 ? words.removeLast() : "1"
        let expression = try parser.compileFilter(count)
        guard words.count == 1 else { throw .syntax("'lorem' has too many words. Expected {% lorem 2 p random %}.") }
        return LoremNode(count: expression, method: method, isCommon: isCommon)
    }

    /// The maximum count, to limit the output.
    private static let most = 100_000

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let count = try count.resolve(context).asInt ?? 1
        guard count <= Self.most else {
            throw .badValue("'lorem' got a count of \(count). Use at most \(Self.most).")
        }
        var generator = context.engine.generator
        switch method {
        case "w": output += LoremText.words(count, isCommon: isCommon, &generator)
        case "p":
            output += LoremText.paragraphs(count, isCommon: isCommon, &generator).map { "<p>\($0)</p>" }
                .joined(separator: "\n\n")
        default: output += LoremText.paragraphs(count, isCommon: isCommon, &generator).joined(separator: "\n\n")
        }
    }
}
