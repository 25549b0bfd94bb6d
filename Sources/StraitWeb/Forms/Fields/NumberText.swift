/// Numbers as Python reads them, without what only programmers write (`1_000`).
enum NumberText {
    /// A sign and digits, perhaps with `.0` behind them, as browsers may send.
    static func integer(_ text: String) -> Int? {
        var text = pythonStripped(text)[...]
        if let dot = text.firstIndex(of: "."), text[text.index(after: dot)...].allSatisfy({ $0 == "0" }) {
            text = text[..<dot]
        }
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    /// A sign, digits with a point, and an exponent; nil too for what is too large.
    static func double(_ text: String) -> Double? {
        guard let parts = Parts(pythonStripped(text)), let number = Double(parts.text), number.isFinite else {
            return nil
        }
        return number
    }

    /// A decimal number's digits.
    struct Parts {
        let isNegative: Bool
        /// All digits, those in front of the point and those behind it, without the point.
        let digits: String
        /// How many of the digits are behind the point; negative where zeros are to be added.
        let places: Int
        /// As Swift and Foundation read it.
        let text: String

        init?(_ text: String) {
            var rest = text[...]
            isNegative = rest.hasPrefix("-")
            if isNegative || rest.hasPrefix("+") { rest = rest.dropFirst() }
            let whole = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[whole.endIndex...]
            var fraction = Substring()
            if rest.hasPrefix(".") {
                fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
                rest = rest[fraction.endIndex...]
            }
            guard !whole.isEmpty || !fraction.isEmpty else { return nil }
            var exponent = 0
            if rest.first == "e" || rest.first == "E" {
                let digits = rest.dropFirst()
                let isSigned = digits.hasPrefix("-") || digits.hasPrefix("+")
                guard digits.dropFirst(isSigned ? 1 : 0).utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                    digits.utf8.count < 8, let number = Int(digits)
                else { return nil }
                exponent = number
                rest = ""
            }
            guard rest.isEmpty else { return nil }
            digits = String(whole + fraction)
            places = fraction.count - exponent
            self.text =
                (isNegative ? "-" : "") + (whole.isEmpty ? "0" : whole)
                + (fraction.isEmpty ? "" : "." + fraction) + (exponent == 0 ? "" : "e\(exponent)")
        }
    }
}
