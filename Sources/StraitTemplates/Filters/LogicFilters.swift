internal import StraitText

extension TemplateLibrary {
    /// Adds `default`, `default_if_none`, `divisibleby`, `yesno`, `pluralize` and `pprint`.
    mutating func addLogicFilters() {
        add("default", .required) { (value, argument, _) in value.isTrue ? value : argument ?? TemplateValue.none }
        add("default_if_none", .required) { (value, argument, _) in
            value.isNone ? argument ?? TemplateValue.none : value
        }
        add("divisibleby", .required) { (value, argument, _) throws(TemplateError) in
            guard let number = value.asWhole, let divisor = argument?.asWhole, !divisor.isZero else {
                throw .badValue(
                    """
                    'divisibleby' got \(value.representation) and \
                    \((argument ?? TemplateValue.none).representation). Use whole numbers, the second not 0.
                    """)
            }
            return .bool(number.isMultiple(of: divisor))
        }
        add("yesno", .optional) { (value, argument, _) throws(TemplateError) in
            guard let text = (argument ?? "yes,no,maybe").string else {
                throw .badValue("'yesno' got \(argument?.representation ?? ""). Pass a string like \"yes,no,maybe\".")
            }
            let parts = PythonText.split(text, at: ",")
            guard parts.count >= 2 else { return value }
            if value.isNone { return .string(parts.count == 3 ? parts[2] : parts[1]) }
            return .string(value.isTrue ? parts[0] : parts[1])
        }
        add("pluralize", .optional) { (value, argument, _) throws(TemplateError) in
            guard let text = (argument ?? "s").string else {
                throw .badValue("'pluralize' got \(argument?.representation ?? ""). Pass a string like \"y,ies\".")
            }
            var parts = PythonText.split(text, at: ",")
            if parts.count == 1 { parts.insert("", at: 0) }
            guard parts.count == 2 else { return .string("") }
            var isOne: Bool?
            if value.string != nil || value.isNumber {
                isOne = value.asDouble.map { $0 == 1 }
            } else {
                isOne = value.count.map { $0 == 1 }
            }
            return .string(isOne.map { $0 ? parts[0] : parts[1] } ?? "")
        }
        add("pprint", isSafe: true) { (value, _, _) in .string(PrettyPrinter.text(value)) }
    }
}
