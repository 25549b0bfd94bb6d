extension TemplateLibrary {
    /// Filters of numbers.
    mutating func addNumberFilters() {
        add("add", .required) { (value, argument, _) throws(TemplateError) in
            try Self.sum(value.checked("add"), (argument ?? TemplateValue.none).checked("add"))
        }
        add("get_digit", .required) { (value, argument, _) throws(TemplateError) in
            let argument = try (argument ?? TemplateValue.none).checked("get_digit")
            guard argument.string != nil || argument.isNumber else { throw .noNumber("get_digit", argument) }
            guard let place = argument.asInt else { return value }
            guard value.string != nil || value.isNumber else { throw .noNumber("get_digit", value) }
            guard let number = try value.checked("get_digit").asInt else { return value }
            guard place >= 1 else { return .int(number) }
            let digits = Array(String(number).utf8)
            guard place <= digits.count else { return .int(0) }
            let digit = digits[digits.count - place]
            guard PythonNumber.isDigit(digit) else { throw .noNumber("get_digit", value) }
            return .int(Int(digit) - 0x30)
        }
        add("filesizeformat", isSafe: true) { (value, _, _) throws(TemplateError) in
            .string(Self.size(try value.checked("filesizeformat").asInt ?? 0))
        }
        add("floatformat", .optional, isSafe: true) { (value, argument, _) throws(TemplateError) in
            try FloatFormat.apply(value, argument ?? .int(-1))
        }
        add("stringformat", .required, isSafe: true) { (value, argument, _) throws(TemplateError) in
            .string(try PercentFormat.apply((argument ?? "").text, to: value) ?? "")
        }
    }

    private static func sum(_ value: TemplateValue, _ argument: TemplateValue) -> TemplateValue {
        if let one = value.asInt, let two = argument.asInt {
            let (sum, overflow) = one.addingReportingOverflow(two)
            return overflow ? .double(Double(one) + Double(two)) : .int(sum)
        }
        if let one = value.string, let two = argument.string {
            return value.isSafe && argument.isSafe ? .safe(SafeString(one + two)) : .string(one + two)
        }
        switch (value, argument) {
        case (.list(let one), .list(let two)): return .list(one + two)
        case (.tuple(let one), .tuple(let two)): return .tuple(one + two)
        default: break
        }
        if value.isNumber, argument.isNumber, let one = value.asDouble, let two = argument.asDouble {
            return .double(one + two)
        }
        return .string("")
    }

    /// `13.0 KB`, with spaces that do not break.
    private static func size(_ bytes: Int) -> String {
        let size = bytes.magnitude
        let sign = bytes < 0 ? "-" : ""
        guard size >= 1024 else { return "\(sign)\(size)\u{A0}byte\(size == 1 ? "" : "s")" }
        var unit = 0
        while unit < 4, size >> (10 * UInt(unit + 2)) > 0 { unit += 1 }
        let number = Double(size) / Double(UInt(1) << (10 * UInt(unit + 1)))
        let names = ["KB", "MB", "GB", "TB", "PB"]
        return "\(sign)\(PercentFormat.fixed(number, 1))\u{A0}\(names[unit])"
    }
}

extension TemplateValue {
    /// Itself, unless it is infinite, of which Python makes no whole number.
    fileprivate func checked(_ filter: String) throws(TemplateError) -> TemplateValue {
        if case .double(let number) = self, number.isInfinite { throw .noNumber(filter, self) }
        return self
    }
}
