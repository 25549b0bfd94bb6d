internal import StraitText

/// A parsed variable, such as `room.messages.0.text`.
///
/// It is a class so that copying one copies only a reference.
final class Variable: Sendable {
    /// The lookup of one member.
    struct Step: Sendable {
        let name: String
        /// The name as a list index, or nil if it is not a number.
        let index: Int?
    }

    /// The variable's source text.
    let name: String
    /// The first name, which is looked up in the context.
    private let root: String
    private let steps: [Step]

    /// Parses `name`. Throws `syntax` if any part begins with an underscore; in Django such names are private.
    init(_ name: String) throws(TemplateError) {
        guard !PythonText.hasPrefix(name, "_"), !PythonText.contains(name, "._") else {
            throw .syntax(
                """
                Variables and attributes may not begin with underscores: '\(name)'. \
                Give the value another name in the context.
                """)
        }
        self.name = name
        let parts = PythonText.split(name, at: ".")
        root = parts[0]
        steps = parts.dropFirst().map { Step(name: $0, index: Int($0)) }
    }

    /// Returns the variable's value, or nil if it is undefined.
    func resolve(_ context: TemplateContext) throws(TemplateError) -> TemplateValue? {
        guard var value = context[root] else { return nil }
        for step in steps {
            // The name is compared first, because the cast costs more than the rest of the lookup.
            if step.name == "super", case .object(let object) = value, let block = object as? BlockReference {
                value = .safe(SafeString(try block.renderSuper(context)))
                continue
            }
            guard let next = value.member(step.name, index: step.index) else { return nil }
            value = next
        }
        return value
    }
}
