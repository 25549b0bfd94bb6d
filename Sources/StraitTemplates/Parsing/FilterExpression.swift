/// A compiled value with its filters, such as `name|default:"nobody"|upper` (Django's `FilterExpression`).
public struct FilterExpression: Sendable {
    /// A constant, or a variable.
    enum Operand: Sendable {
        case constant(TemplateValue)
        case variable(Variable)
    }

    /// A filter and its argument. It is a class so that applying a filter copies only a reference.
    final class Call: Sendable {
        let filter: TemplateFilter
        let argument: Operand?

        init(filter: TemplateFilter, argument: Operand?) {
            self.filter = filter
            self.argument = argument
        }
    }

    /// The expression's parts. They are in a class for the same reason.
    private final class Parts: Sendable {
        let text: String
        let operand: Operand
        let calls: [Call]

        init(text: String, operand: Operand, calls: [Call]) {
            self.text = text
            self.operand = operand
            self.calls = calls
        }
    }

    private let parts: Parts

    init(text: String, operand: Operand, calls: [Call]) {
        parts = Parts(text: text, operand: operand, calls: calls)
    }

    /// The expression's source text.
    public var text: String { parts.text }
    var operand: Operand { parts.operand }
    var calls: [Call] { parts.calls }

    /// Whether the operand is a variable.
    var isVariable: Bool { if case .variable = operand { true } else { false } }

    /// Returns the value after all filters. An undefined variable becomes the engine's `stringIfInvalid`.
    ///
    /// - Parameter ignoringFailures: Whether an undefined variable becomes `none`, as in `{% if %}` and `{% for %}`.
    public func resolve(
        _ context: TemplateContext, ignoringFailures: Bool = false
    ) throws(TemplateError) -> TemplateValue {
        var value: TemplateValue
        switch parts.operand {
        case .constant(let constant): value = constant
        case .variable(let variable):
            if let found = try variable.resolve(context) {
                value = found
            } else if ignoringFailures {
                value = .none
            } else {
                let invalid = context.engine.stringIfInvalid
                if !invalid.isEmpty { return .string(PythonText.replace(invalid, "%s", with: variable.name)) }
                value = .string("")
            }
        }
        for index in parts.calls.indices { value = try apply(parts.calls[index], to: value, context) }
        return value
    }

    private func apply(
        _ call: Call, to value: TemplateValue, _ context: TemplateContext
    ) throws(TemplateError) -> TemplateValue {
        var argument: TemplateValue?
        switch call.argument {
        case .none: break
        case .constant(let constant): argument = constant
        case .variable(let variable):
            argument = try variable.resolve(context)
            if argument == nil {
                throw TemplateError(
                    .missingVariable,
                    """
                    The filter '\(call.filter.name)' needs '\(variable.name)', which is not in the context. \
                    Add it to the context, or set a default with {% with %}.
                    """)
            }
        }
        let environment = FilterEnvironment(engine: context.engine, isAutoescaping: context.isAutoescaping)
        let result = try call.filter.apply(value, argument, environment)
        if call.filter.isSafe, value.isSafe, !result.isSafe { return .safe(SafeString(result.text)) }
        return result
    }

    /// Appends the output of `{{ … }}`.
    func write(_ context: TemplateContext, to output: inout String) throws(TemplateError) {
        try resolve(context).write(to: &output, escaping: context.isAutoescaping, context.engine)
    }
}
