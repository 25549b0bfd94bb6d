internal import StraitText

/// `{% if %}`, with optional `{% elif %}` and `{% else %}`.
struct IfNode: TemplateNode {
    private let branches: [(condition: IfExpression?, nodes: TemplateNodes)]

    var children: [TemplateNodes] { branches.map(\.nodes) }

    private init(branches: [(condition: IfExpression?, nodes: TemplateNodes)]) { self.branches = branches }

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        var branches: [(condition: IfExpression?, nodes: TemplateNodes)] = []
        var token = token
        repeat {
            let condition: IfExpression
            do {
                condition = try IfParser.parse(token.splitContents().dropFirst(), parser)
            } catch {
                throw error.at(parser.place(token))
            }
            branches.append((condition, try parser.parse(until: "elif", "else", "endif")))
            token = try parser.nextToken()
        } while PythonText.hasPrefix(token.contents, "elif")
        if token.contents == "else" {
            branches.append((nil, try parser.parse(until: "endif")))
            token = try parser.nextToken()
        }
        guard token.contents == "endif" else {
            throw TemplateError.syntax("Malformed tag '\(token.contents)'. Expected {% else %} or {% endif %}.").at(
                parser.place(token))
        }
        return IfNode(branches: branches)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        for index in branches.indices {
            if let condition = branches[index].condition, !(try Self.holds(condition, context)) { continue }
            return try branches[index].nodes.render(context, into: &output)
        }
    }

    private static func holds(_ condition: IfExpression, _ context: TemplateContext) throws(TemplateError) -> Bool {
        do {
            return try condition.evaluate(context).isTrue
        } catch {
            guard error.code == .missingVariable else { throw error }
            return false
        }
    }
}
