/// How a date or time may be written, in the letters of Python's `strptime`: `%Y %m %d %y %b %B %H %M %S %f`.
struct DateFormat {
    /// What was read.
    struct Reading {
        var year = 1900
        var month = 1
        var day = 1
        var hour = 0
        var minute = 0
        var second = 0
        var microsecond = 0

        var date: PlainDate? { PlainDate(year: year, month: month, day: day) }
        var time: PlainTime? { PlainTime(hour: hour, minute: minute, second: second, microsecond: microsecond) }
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    private let format: [Character]

    init(_ format: String) {
        self.format = Array(format)
    }

    /// What `text` says, or nil where it is not written like this to its end.
    func read(_ text: String) -> Reading? {
        var rest = text[...]
        var reading = Reading()
        var index = 0
        while index < format.count {
            let character = format[index]
            index += 1
            guard character == "%", index < format.count else {
                if character == " " {
                    guard rest.first?.isWhitespace == true else { return nil }
                    rest = rest.drop { $0.isWhitespace }
                } else {
                    guard rest.first?.lowercased() == character.lowercased() else { return nil }
                    rest.removeFirst()
                }
                continue
            }
            guard take(format[index], from: &rest, into: &reading) else { return nil }
            index += 1
        }
        return rest.isEmpty ? reading : nil
    }

    private func take(_ letter: Character, from rest: inout Substring, into reading: inout Reading) -> Bool {
        switch letter {
        case "Y": return number(4...4, 1...9999, from: &rest) { reading.year = $0 }
        case "y": return number(2...2, 0...99, from: &rest) { reading.year = $0 + ($0 < 69 ? 2000 : 1900) }
        case "m": return number(1...2, 1...12, from: &rest) { reading.month = $0 }
        case "d": return number(1...2, 1...31, from: &rest) { reading.day = $0 }
        case "H": return number(1...2, 0...23, from: &rest) { reading.hour = $0 }
        case "M": return number(1...2, 0...59, from: &rest) { reading.minute = $0 }
        case "S": return number(1...2, 0...61, from: &rest) { reading.second = $0 }
        case "f":
            let digits = rest.prefix(6).prefix { $0.isASCII && $0.isNumber }
            return number(1...6, 0...999_999, from: &rest) {
                reading.microsecond = (digits.count..<6).reduce($0) { number, _ in number * 10 }
            }
        case "b", "B":
            let name = rest.prefix { $0.isASCII && $0.isLetter }.lowercased()
            let found = Self.months.firstIndex { letter == "B" ? $0 == name : $0.prefix(3) == name }
            guard let found else { return false }
            rest = rest.dropFirst(name.count)
            reading.month = found + 1
            return true
        default: return false
        }
    }

    /// Takes a number of so many digits: as many as keep it in its range.
    private func number(
        _ digits: ClosedRange<Int>, _ range: ClosedRange<Int>, from rest: inout Substring, _ use: (Int) -> Void
    ) -> Bool {
        let found = rest.prefix(digits.upperBound).prefix { $0.isASCII && $0.isNumber }
        for count in digits.reversed() where count <= found.count {
            guard let number = Int(found.prefix(count)), range.contains(number) else { continue }
            rest = rest.dropFirst(count)
            use(number)
            return true
        }
        return false
    }
}
