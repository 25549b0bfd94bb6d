/// A format of dates or times, in the notation of Python's `strptime`: `%Y %m %d %y %b %B %H %M %S %f`.
struct DateFormat {
    /// The values that were read.
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

    private let format: [Unicode.Scalar]

    init(_ format: String) {
        self.format = Array(format.unicodeScalars)
    }

    /// Reads a text that is completely in this format; returns nil for any other.
    func read(_ text: [Unicode.Scalar]) -> Reading? {
        var rest = text[...]
        var reading = Reading()
        var index = 0
        while index < format.count {
            let scalar = format[index]
            index += 1
            guard scalar == "%", index < format.count else {
                guard let first = rest.first else { return nil }
                if scalar == " " {
                    guard isPythonSpace(first) else { return nil }
                    rest = rest.drop(while: isPythonSpace)
                } else {
                    guard first == scalar else { return nil }
                    rest = rest.dropFirst()
                }
                continue
            }
            guard take(format[index], from: &rest, into: &reading) else { return nil }
            index += 1
        }
        return rest.isEmpty ? reading : nil
    }

    private func take(
        _ letter: Unicode.Scalar, from rest: inout ArraySlice<Unicode.Scalar>, into reading: inout Reading
    ) -> Bool {
        switch letter {
        case "Y": return number(4...4, 1...9999, from: &rest) { reading.year = $0 }
        case "y": return number(2...2, 0...99, from: &rest) { reading.year = $0 + ($0 < 69 ? 2000 : 1900) }
        case "m": return number(1...2, 1...12, from: &rest) { reading.month = $0 }
        case "d":
            // As in Python, a space may replace the first of two digits.
            if rest.first == " ", rest.dropFirst().first.map({ ("1"..."9").contains($0) }) == true {
                rest = rest.dropFirst()
                return number(1...1, 1...9, from: &rest) { reading.day = $0 }
            }
            return number(1...2, 1...31, from: &rest) { reading.day = $0 }
        case "H": return number(1...2, 0...23, from: &rest) { reading.hour = $0 }
        case "M": return number(1...2, 0...59, from: &rest) { reading.minute = $0 }
        case "S": return number(1...2, 0...61, from: &rest) { reading.second = $0 }
        case "f":
            let count = rest.prefix(6).prefix(while: Self.isDigit).count
            return number(1...6, 0...999_999, from: &rest) {
                reading.microsecond = (count..<6).reduce($0) { number, _ in number * 10 }
            }
        case "b", "B":
            let name = Self.folded(rest.prefix(9))
            let found = Self.months.firstIndex { month in
                name.starts(with: letter == "B" ? Array(month.unicodeScalars) : Array(month.unicodeScalars.prefix(3)))
            }
            guard let found else { return false }
            rest = rest.dropFirst(letter == "B" ? Self.months[found].utf8.count : 3)
            reading.month = found + 1
            return true
        default: return false
        }
    }

    /// Returns the scalars with ASCII letters in lower case.
    private static func folded(_ scalars: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        scalars.map { ("A"..."Z").contains($0) ? Unicode.Scalar(UInt8($0.value + 32)) : $0 }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// Takes a number within `range`, with as many digits as possible.
    private func number(
        _ digits: ClosedRange<Int>, _ range: ClosedRange<Int>, from rest: inout ArraySlice<Unicode.Scalar>,
        _ use: (Int) -> Void
    ) -> Bool {
        let found = rest.prefix(digits.upperBound).prefix(while: Self.isDigit)
        for count in digits.reversed() where count <= found.count {
            let number = found.prefix(count).reduce(0) { $0 * 10 + Int($1.value) - 0x30 }
            guard range.contains(number) else { continue }
            rest = rest.dropFirst(count)
            use(number)
            return true
        }
        return false
    }
}
