/// The filter `floatformat`.
enum FloatFormat {
    static func apply(_ value: TemplateValue, _ argument: TemplateValue) throws(TemplateError) -> TemplateValue {
        var argument = argument
        var isGrouped = false
        if let text = argument.string {
            guard let last = text.last else {
                throw .badValue("'floatformat' got an empty text. Give it a number of places, \"2\" or \"2g\".")
            }
            let suffix = text.hasSuffix("gu") || text.hasSuffix("ug") ? 2 : last == "g" || last == "u" ? 1 : 0
            isGrouped = suffix == 1 && last == "g"
            let rest = String(text.dropLast(suffix))
            argument = rest.isEmpty ? .int(-1) : .string(rest)
        }
        guard argument.string != nil || argument.isNumber || value.asDouble == nil else {
            throw .noNumber("floatformat", argument)
        }
        var input = value.text
        guard let decimal = DecimalNumber(input) ?? value.asDouble.flatMap({ DecimalNumber(PythonNumber.text($0)) })
        else {
            // Infinity and what is no number are printed as they are.
            guard PythonNumber.double(input) != nil else {
                guard let number = value.asDouble, !number.isFinite else { return .string("") }
                input = PythonNumber.text(number)
                return .string(input)
            }
            return argument.asInt == nil && argument.string == nil ? .string("") : .string(input)
        }
        guard let places = argument.asInt else {
            guard argument.string != nil else { throw .noNumber("floatformat", argument) }
            return .string(input)
        }
        guard decimal.digits.count + decimal.exponent.magnitudeCapped <= 200 else { return .string(input) }
        if decimal.isWhole, places <= 0 {
            let digits = decimal.wholeDigits
            let isNegative = decimal.isNegative && digits != [0]
            return .safe(SafeString(number(digits, [], isNegative: isNegative, isGrouped: isGrouped)))
        }
        let count = min(abs(places), 100_000)
        let rounded = decimal.rounded(to: count)
        var digits = rounded.digits
        if digits.count <= count { digits = Array(repeating: 0, count: count + 1 - digits.count) + digits }
        let isNegative = rounded.isNegative && digits.contains { $0 != 0 }
        return .safe(
            SafeString(
                number(
                    Array(digits.dropLast(count)), Array(digits.suffix(count)), isNegative: isNegative,
                    isGrouped: isGrouped)))
    }

    private static func number(_ whole: [UInt8], _ fraction: [UInt8], isNegative: Bool, isGrouped: Bool) -> String {
        var text = isNegative ? "-" : ""
        for (index, digit) in whole.enumerated() {
            if isGrouped, index > 0, (whole.count - index) % 3 == 0 { text += "," }
            text += String(digit)
        }
        if !fraction.isEmpty { text += "." + fraction.map { String($0) }.joined() }
        return text
    }
}

extension Int {
    /// Without a sign, and no larger than what a sum of it and a count can hold.
    fileprivate var magnitudeCapped: Int { Int(clamping: Swift.min(magnitude, 1 << 60)) }
}
