internal import StraitText

extension TemplateLibrary {
    /// Adds the number filters.
    mutating func addNumberFilters() {
        add("add", .required) { (value, argument, _) throws(TemplateError) in
            try Self.sum(value.checked("add"), (argument ?? TemplateValue.none).checked("add"))
        }
        add("get_digit", .required) { (value, argument, _) throws(TemplateError) in
            let argument = try (argument ?? TemplateValue.none).checked("get_digit")
            guard argument.string != nil || argument.isNumber else { throw .notANumber("get_digit", argument) }
            guard let place = argument.asWhole else { return value }
            guard value.string != nil || value.isNumber else { throw .notANumber("get_digit", value) }
            guard let number = try value.checked("get_digit").asWhole else { return value }
            guard place.order(TemplateDecimal(1)) >= 0 else { return TemplateValue(whole: number) }
            guard let place = place.int, place <= number.digits.count else {
                // Python also counts the sign as a position, which then raises an error.
                guard !(number.isNegative && place.int == number.digits.count + 1) else {
                    throw .notANumber("get_digit", value)
                }
                return .int(0)
            }
            return .int(Int(number.digits[number.digits.count - place]))
        }
        add("filesizeformat", isSafe: true) { (value, _, _) throws(TemplateError) in
            .string(try Self.size(value.checked("filesizeformat").asWhole ?? TemplateDecimal(0)))
        }
        add("floatformat", .optional, isSafe: true) { (value, argument, _) throws(TemplateError) in
            try FloatFormat.apply(value, argument ?? .int(-1))
        }
        add("stringformat", .required, isSafe: true) { (value, argument, _) throws(TemplateError) in
            .string(try PercentFormat.apply((argument ?? "").text, to: value) ?? "")
        }
    }

    private static func sum(_ value: TemplateValue, _ argument: TemplateValue) throws(TemplateError) -> TemplateValue {
        if let one = value.asInt, let two = argument.asInt {
            let (sum, overflow) = one.addingReportingOverflow(two)
            if !overflow { return .int(sum) }
        }
        if let one = value.asWhole, let two = argument.asWhole {
            return TemplateValue(whole: TemplateDecimal.sum(one, two))
        }
        for number in [value, argument] {
            if case .decimal(let decimal) = number, decimal.truncated() == nil { throw .notANumber("add", number) }
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

    /// Returns a size such as `13.0 KB`, with no-break spaces.
    private static func size(_ bytes: TemplateDecimal) throws(TemplateError) -> String {
        let sign = bytes.isNegative ? "-" : ""
        if let size = bytes.int?.magnitude, size < 1024 {
            return "\(sign)\(size)\u{A0}byte\(size == 1 ? "" : "s")"
        }
        let size = bytes.double.magnitude
        guard size.isFinite else { throw .notANumber("filesizeformat", .decimal(bytes)) }
        let names = ["KB", "MB", "GB", "TB", "PB"]
        let unit = min(names.count, (bytes.int.map { Double($0.magnitude) } ?? size).exponentBase1024) - 1
        let number = size / Double(UInt(1) << (10 * UInt(unit + 1)))
        return "\(sign)\(text(number))\u{A0}\(names[unit])"
    }

    /// Returns a number with one decimal place, for numbers of any size.
    private static func text(_ number: Double) -> String {
        guard number >= 1e15, let decimal = TemplateDecimal(number.description) else {
            return PercentFormat.fixed(number, 1)
        }
        // Python prints the fewest digits that identify the number.
        guard decimal.length > 200 else {
            return decimal.exponent < 0 ? decimal.fixed : decimal.fixed + ".0"
        }
        return "\(decimal.digits[0]).\(decimal.digits.at(1) ?? 0)e+\(decimal.firstExponent)"
    }
}

extension Double {
    /// The integer part of the logarithm to base 1,024: 1 for KB, 2 for MB. The number must be at least 1,024.
    fileprivate var exponentBase1024: Int { Int(exponent) / 10 }
}

extension TemplateValue {
    /// Returns the value unchanged, or throws if it is infinite: Python cannot convert infinity to an integer.
    fileprivate func checked(_ filter: String) throws(TemplateError) -> TemplateValue {
        if case .double(let number) = self, number.isInfinite { throw .notANumber(filter, self) }
        return self
    }
}
