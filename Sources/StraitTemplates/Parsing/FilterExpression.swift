/// A value and the filters that it goes through, `name|default:"nobody"|upper`, compiled (Django's `FilterExpression`).
public struct FilterExpression: Sendable {
    /// A value that is known when the template is parsed, or a variable.
    enum Operand: Sendable {
        case constant(TemplateValue)
        case variable(Variable)
    }

    struct Call: Sendable {
        let filter: TemplateFilter
        let argument: Operand?
    }

    /// As it is written.
    public let text: String
    let operand: Operand
    let calls: [Call]

    /// Whether it is a variable, not a constant.
    var isVariable: Bool { if case .variable = operand { true } else { false } }

    /// Its value. What is undefined is the engine's `stringIfInvalid`, the empty text unless it says otherwise.
    ///
    /// - Parameter ignoringFailures: Have what is undefined be `none`, as `{% if %}` and `{% for %}` do.
    public func resolve(
        _ context: TemplateContext, ignoringFailures: Bool = false
    ) throws(TemplateError) -> TemplateValue {
        var value: TemplateValue
        switch operand {
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
        for call in calls { value = try apply(call, to: value, context) }
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
                    "The filter '\(call.filter.name)' needs '\(variable.name)', which is not in the context. Put it there, or give a default with {% with %}."
                )
            }
        }
        let environment = FilterEnvironment(engine: context.engine, isAutoescaping: context.isAutoescaping)
        let result = try call.filter.apply(value, argument, environment)
        if call.filter.isSafe, value.isSafe, !result.isSafe { return .safe(SafeString(result.text)) }
        return result
    }

    /// Appends what `{{ … }}` prints.
    func write(_ context: TemplateContext, to output: inout String) throws(TemplateError) {
        try resolve(context).write(to: &output, escaping: context.isAutoescaping, context.engine)
    }
}
