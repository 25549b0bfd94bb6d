package import FoundationEssentials
package import StraitCore

/// The text of a time, as in Python's `str(datetime)`.
package enum DatabaseDate {
    package static func text(of date: Date) throws(DatabaseError) -> String {
        let microseconds = (date.timeIntervalSince1970 * 1_000_000).rounded()
        guard let total = Int(exactly: microseconds), CivilDate.seconds.contains(total.floored(by: 1_000_000)) else {
            throw .value(
                "The time \(date.timeIntervalSince1970) seconds after 1970 cannot be stored: its year is not from 1 to "
                    + "9999.")
        }
        let (second, fraction) = (total.floored(by: 1_000_000), total.modulo(1_000_000))
        let (day, rest) = (second.floored(by: 86_400), second.modulo(86_400))
        let date = CivilDate(daysSinceEpoch: day)
        let length = fraction == 0 ? 19 : 26
        // SAFETY: the buffer has the requested capacity, and `length` bytes of it are written.
        return unsafe String(unsafeUninitializedCapacity: 26) { text in
            func write(_ number: Int, _ digits: Int, endingAt end: Int, after separator: Unicode.Scalar) {
                var number = number
                for place in stride(from: end - 1, through: end - digits, by: -1) {
                    unsafe text[place] = UInt8(ascii: "0") + UInt8(number % 10)
                    number /= 10
                }
                if end > digits { unsafe text[end - digits - 1] = UInt8(ascii: separator) }
            }
            write(date.year, 4, endingAt: 4, after: " ")
            write(date.month, 2, endingAt: 7, after: "-")
            write(date.day, 2, endingAt: 10, after: "-")
            write(rest / 3600, 2, endingAt: 13, after: " ")
            write(rest / 60 % 60, 2, endingAt: 16, after: ":")
            write(rest % 60, 2, endingAt: 19, after: ":")
            if fraction != 0 { write(fraction, 6, endingAt: 26, after: ".") }
            return length
        }
    }

    /// Reads a time in UTC: a date, a space or `T`, and a time, optionally with a fraction and an offset. Returns nil
    /// for other text.
    package static func date(from text: Span<UInt8>) -> Date? {
        var scanner = Scanner(bytes: text)
        guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
            let day = scanner.number(2), CivilDate.exists(year, month, day), scanner.take(" ") || scanner.take("T"),
            let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2), scanner.take(":"),
            let second = scanner.number(2), hour < 24, minute < 60, second < 60,
            let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        // The last microseconds of the year 9999 would be rounded into the next year, which cannot be stored.
        let time = Double(seconds) + Double(fraction) / 1_000_000
        return Date(timeIntervalSince1970: min(time, Double(CivilDate.seconds.upperBound).nextDown))
    }

    /// Reads a time in UTC. Returns nil for other text.
    package static func date(from text: String) -> Date? { date(from: text.utf8.span) }

    /// Reads a date: `2026-02-28`. Returns nil for other text.
    package static func day(from text: String) -> PlainDate? {
        day(from: text.utf8.span)
    }

    /// Reads a date: `2026-02-28`. Returns nil for other text.
    package static func day(from text: Span<UInt8>) -> PlainDate? {
        var scanner = Scanner(bytes: text)
        guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
            let day = scanner.number(2), scanner.isAtEnd
        else { return nil }
        return PlainDate(year: year, month: month, day: day)
    }

    /// Reads a time of day, optionally with a fraction: `14:30:59.25`. Returns nil for other text.
    package static func time(from text: String) -> PlainTime? {
        time(from: text.utf8.span)
    }

    /// Reads a time of day, optionally with a fraction: `14:30:59.25`. Returns nil for other text.
    package static func time(from text: Span<UInt8>) -> PlainTime? {
        var scanner = Scanner(bytes: text)
        guard let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2), scanner.take(":"),
            let second = scanner.number(2), let fraction = scanner.fraction(), scanner.isAtEnd
        else { return nil }
        return PlainTime(hour: hour, minute: minute, second: second, microsecond: fraction)
    }

    /// A reader of fixed parts of a text.
    private struct Scanner: ~Escapable {
        private let bytes: Span<UInt8>
        private var place = 0

        @_lifetime(copy bytes)
        init(bytes: Span<UInt8>) { self.bytes = bytes }

        var isAtEnd: Bool { place == bytes.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard place < bytes.count, UInt32(bytes[place]) == character.value else { return false }
            place += 1
            return true
        }

        /// Reads exactly `count` digits.
        mutating func number(_ count: Int) -> Int? {
            guard bytes.count - place >= count else { return nil }
            var number = 0
            for index in place..<place + count {
                let byte = bytes[index]
                guard (0x30...0x39).contains(byte) else { return nil }
                number = number * 10 + Int(byte - 0x30)
            }
            place += count
            return number
        }

        /// Reads a point and up to six digits, as microseconds; 0 without a point.
        mutating func fraction() -> Int? {
            guard take(".") else { return 0 }
            var (microseconds, digits) = (0, 0)
            while digits < 6, let digit = number(1) {
                microseconds = microseconds * 10 + digit
                digits += 1
            }
            guard digits > 0 else { return nil }
            for _ in digits..<6 { microseconds *= 10 }
            return microseconds
        }

        /// Reads an offset from UTC such as `+02`, `+02:00` or `Z`, in seconds; 0 without one.
        mutating func offset() -> Int? {
            if isAtEnd || take("Z") { return 0 }
            let sign = take("+") ? 1 : take("-") ? -1 : 0
            guard sign != 0, let hours = number(2) else { return nil }
            guard take(":") else { return isAtEnd ? sign * hours * 3600 : nil }
            return number(2).map { sign * (hours * 3600 + $0 * 60) }
        }
    }
}
