internal import StraitText

/// The filter `floatformat`.
enum FloatFormat {
    /// The maximum number of decimal places. More would make the text longer than a page.
    private static let mostPlaces = 100_000

    static func apply(_ value: TemplateValue, _ argument: TemplateValue) throws(TemplateError) -> TemplateValue {
        let (places, isGrouped) = try Self.places(argument, of: value)
        if let places, !isGrouped, let text = padded(value, places) { return .safe(SafeString(text)) }
        guard let decimal = decimal(value) else { return notFinite(value, argument) }
        guard let places else {
            guard argument.string != nil else { throw .notANumber("floatformat", argument) }
            return .string(value.text)
        }
        guard decimal.length <= 200 else { return .string(value.text) }
        let isWhole = places <= 0 && decimal.isWhole
        guard isWhole || places.magnitude <= mostPlaces else {
            throw .badValue("'floatformat' got \(places) places. Use at most \(mostPlaces).")
        }
        let count = isWhole ? 0 : abs(places)
        return .safe(SafeString(text(decimal.rounded(to: count), places: count, isGrouped: isGrouped)))
    }

    /// A fast path for numbers with at most `places` decimal places: appends zeros to the description. Returns nil for
    /// other values.
    private static func padded(_ value: TemplateValue, _ places: Int) -> String? {
        guard (1...16).contains(places) else { return nil }
        var text: String
        var zeros = places
        switch value {
        case .int(let number):
            text = String(number)
            text += "."
        case .double(let number):
            // Minus zero prints without its sign. Larger and smaller numbers print with an exponent.
            guard number == 0 || number.magnitude >= 0.001 && number.magnitude < 1e15 else { return nil }
            text = number.magnitude.isZero ? "0.0" : number.description
            guard let point = text.utf8.firstIndex(of: 0x2E) else { return nil }
            zeros -= text.utf8.distance(from: point, to: text.utf8.endIndex) - 1
            guard zeros >= 0 else { return nil }
        default: return nil
        }
        for _ in 0..<zeros { text += "0" }
        return text
    }

    /// Parses the argument: `2`, `"-3"`, `"2g"` or `"gu"`. The number of places is nil if it is not a number. `g`
    /// groups thousands.
    private static func places(
        _ argument: TemplateValue, of value: TemplateValue
    ) throws(TemplateError) -> (places: Int?, isGrouped: Bool) {
        guard let text = argument.string else {
            guard argument.isNumber || value.asDouble == nil else { throw .notANumber("floatformat", argument) }
            return (argument.asInt, false)
        }
        let bytes = text.utf8
        guard let last = bytes.last else {
            throw .badValue("'floatformat' got an empty string. Pass a number of places, such as \"2\" or \"2g\".")
        }
        let (g, u) = (UInt8(ascii: "g"), UInt8(ascii: "u"))
        guard last == g || last == u else { return (PythonNumber.int(text), false) }
        let before = bytes.dropLast().last
        let hasBoth = (before == g || before == u) && before != last
        let rest = bytes.dropLast(hasBoth ? 2 : 1)
        return (rest.isEmpty ? -1 : PythonNumber.int(String(Substring(rest))), !hasBoth && last == g)
    }

    /// Returns the decimal number in the value's text, or else the one that Python's `float` returns.
    private static func decimal(_ value: TemplateValue) -> TemplateDecimal? {
        switch value {
        case .decimal(let decimal): decimal
        case .double(let number): number.isFinite ? TemplateDecimal(number.description.utf8) : nil
        case .int(let number): TemplateDecimal(number)
        default:
            TemplateDecimal(value.text)
                ?? value.asDouble.flatMap { $0.isFinite ? TemplateDecimal($0.description.utf8) : nil }
        }
    }

    /// Returns infinity and NaN unchanged, and an empty string for any other text.
    private static func notFinite(_ value: TemplateValue, _ argument: TemplateValue) -> TemplateValue {
        let input = value.text
        guard PythonNumber.double(input) != nil || PythonNumber.isDecimalNaN(input) else {
            guard let number = value.asDouble, !number.isFinite else { return .string("") }
            return .string(PythonNumber.text(number))
        }
        return argument.asInt == nil && argument.string == nil ? .string("") : .string(input)
    }

    /// Returns the text of a number that has exactly `places` decimal places.
    private static func text(_ number: TemplateDecimal, places: Int, isGrouped: Bool) -> String {
        let whole = max(0, number.digits.count - places)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(number.digits.count + places + whole / 3 + 3)
        if number.isNegative, !number.isZero { bytes.append(0x2D) }
        if whole == 0 { bytes.append(0x30) }
        for index in 0..<whole {
            if isGrouped, index > 0, (whole - index) % 3 == 0 { bytes.append(0x2C) }
            bytes.append(number.digits[index] &+ 0x30)
        }
        if places > 0 {
            bytes.append(0x2E)
            let zeros = places - (number.digits.count - whole)
            for _ in 0..<zeros { bytes.append(0x30) }
            for index in whole..<number.digits.count { bytes.append(number.digits[index] &+ 0x30) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
