/// A variable of a template, `room.messages.0.text`, ready to be looked up.
///
/// A class, so that passing one on is one reference counted and not its parts.
final class Variable: Sendable {
    /// One step from a value to a member of it.
    struct Step: Sendable {
        let name: String
        /// The name as a place in a list.
        let index: Int?
    }

    /// As it is written.
    let name: String
    /// What is looked for in the context.
    private let root: String
    private let steps: [Step]

    /// Refuses names with an underscore in front, which are private in Django.
    init(_ name: String) throws(TemplateError) {
        guard !PythonText.hasPrefix(name, "_"), !PythonText.contains(name, "._") else {
            throw .syntax(
                "Variables and attributes may not begin with underscores: '\(name)'. Give the value another name in the context."
            )
        }
        self.name = name
        let parts = PythonText.split(name, at: ".")
        root = parts[0]
        steps = parts.dropFirst().map { Step(name: $0, index: Int($0)) }
    }

    /// Its value, or nil where it is undefined.
    func resolve(_ context: TemplateContext) throws(TemplateError) -> TemplateValue? {
        guard var value = context[root] else { return nil }
        for step in steps {
            if case .object(let object) = value, let block = object as? BlockReference, step.name == "super" {
                value = .safe(SafeString(try block.renderSuper(context)))
                continue
            }
            guard let next = value.member(step.name, index: step.index) else { return nil }
            value = next
        }
        return value
    }
}
