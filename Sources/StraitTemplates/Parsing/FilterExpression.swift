internal import StraitText

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
        /// The filter's function, prepared for a constant argument.
        let body: TemplateFilter.Body

        init(filter: TemplateFilter, argument: Operand?) {
            self.filter = filter
            self.argument = argument
            body =
                switch argument {
                case .constant(let constant): filter.body(for: constant)
                case .none: filter.body(for: nil)
                case .variable: filter.apply
                }
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
        let result = try call.body(value, argument, environment)
        if value.isSafe, call.filter.isSafe, !result.isSafe { return .safe(SafeString(result.text)) }
        return result
    }

    /// Appends the output of `{{ … }}`.
    func write(_ context: TemplateContext, to output: inout String) throws(TemplateError) {
        try resolve(context).write(to: &output, escaping: context.isAutoescaping, context.engine)
    }
}

/// A parser for `name|filter:argument|filter`. It accepts the same syntax as Django's regular expression.
struct FilterExpressionParser {
    private let text: String
    private let scalars: [Unicode.Scalar]
    private var index = 0

    private init(_ text: String) {
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    /// Parses all of `text`. The closure returns the filter for a name.
    static func parse(
        _ text: String, filter: (String) throws(TemplateError) -> TemplateFilter
    ) throws(TemplateError) -> FilterExpression {
        var parser = FilterExpressionParser(text)
        guard let operand = try parser.operand() else {
            throw .syntax(
                "Could not find a variable at the start of '\(text)'. Expected a name, a number or a quoted string.")
        }
        var calls: [FilterExpression.Call] = []
        while parser.index < parser.scalars.count {
            let start = parser.index
            guard let name = parser.filterName() else {
                let rest = PythonText.string(parser.scalars[start...])
                throw .syntax(
                    "Could not parse the remainder '\(rest)' of '\(text)'. Expected '|' and a filter, or the end.")
            }
            var argument: FilterExpression.Operand?
            if parser.peek == ":" {
                parser.index += 1
                argument = try parser.operand()
                if argument == nil {
                    throw .syntax(
                        """
                        Could not parse the argument of the filter '\(name)' in '\(text)'. \
                        Expected a name, a number or a quoted string after ':'.
                        """)
                }
            }
            let found = try filter(name)
            try found.check(hasArgument: argument != nil)
            calls.append(FilterExpression.Call(filter: found, argument: argument))
            guard calls.count <= limit else {
                throw .syntax("'\(name)' is filter number \(calls.count) of one value. Use at most \(limit) filters.")
            }
        }
        return FilterExpression(text: text, operand: operand, calls: calls)
    }

    private static let limit = 200

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    /// Reads a filter's name: `\s*\|\s*(\w+)`.
    private mutating func filterName() -> String? {
        skipSpace()
        guard peek == "|" else { return nil }
        index += 1
        skipSpace()
        let start = index
        while let scalar = peek, PythonText.isWord(scalar) { index += 1 }
        return start < index ? PythonText.string(scalars[start..<index]) : nil
    }

    private mutating func skipSpace() {
        while let scalar = peek, PythonText.isSpace(scalar) { index += 1 }
    }

    /// Reads a quoted constant, a variable or a number. Returns nil if there is none.
    private mutating func operand() throws(TemplateError) -> FilterExpression.Operand? {
        if let constant = constant() { return .constant(.safe(SafeString(constant))) }
        let start = index
        while let scalar = peek, PythonText.isWord(scalar) || scalar == "." { index += 1 }
        if index == start { signedNumber() }
        guard index > start else { return nil }
        let name = PythonText.string(scalars[start..<index])
        if let number = Self.number(name) { return .constant(number) }
        return .variable(try Variable(name))
    }

    /// Reads a number with a sign: `[-+]\d[\d.e]*`.
    private mutating func signedNumber() {
        guard let sign = peek, sign == "-" || sign == "+", index + 1 < scalars.count, Self.isDigit(scalars[index + 1])
        else { return }
        index += 2
        while let scalar = peek, Self.isDigit(scalar) || scalar == "." || scalar == "e" { index += 1 }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// Returns `name` as a number by Python's rules, or nil if it is not a number.
    private static func number(_ name: String) -> TemplateValue? {
        if name.utf8.contains(UInt8(ascii: ".")) || name.lowercased().utf8.contains(UInt8(ascii: "e")) {
            guard name.utf8.last != UInt8(ascii: ".") else { return nil }
            return PythonNumber.double(name).map { .double($0) }
        }
        if let number = PythonNumber.int(name) { return .int(number) }
        return PythonNumber.whole(name).map { .decimal($0) }
    }

    /// Reads a quoted string, with or without `_(…)` around it, and returns its contents.
    private mutating func constant() -> String? {
        var start = index
        let isMarked = start + 1 < scalars.count && scalars[start] == "_" && scalars[start + 1] == "("
        if isMarked { start += 2 }
        guard let end = TokenSplitter.stringEnd(scalars, from: start) else { return nil }
        if isMarked { guard end < scalars.count, scalars[end] == ")" else { return nil } }
        index = isMarked ? end + 1 : end
        let quote = String(scalars[start])
        let inner = PythonText.string(scalars[start + 1..<end - 1])
        return PythonText.replace(PythonText.replace(inner, "\\" + quote, with: quote), "\\\\", with: "\\")
    }
}
