public import FoundationEssentials
public import StraitCore
public import StraitDatabase

extension Date: ModelValue {
    /// `DateTimeField`.
    public static var fieldKind: FieldKind { .dateTime }

    /// Reads a time, in UTC unless it has an offset.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Date {
        guard let date = try row.withText(index, { DatabaseDate.date(from: $0) }) else {
            throw row.mismatch(index, "is not a date and time")
        }
        return date
    }
}

extension PlainDate: ModelValue {
    /// `DateField`.
    public static var fieldKind: FieldKind { .date }

    /// The date in ISO 8601.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .text(description) }

    /// Reads a date in ISO 8601.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> PlainDate {
        guard let date = try row.withText(index, { DatabaseDate.day(from: $0) }) else {
            throw row.mismatch(index, "is not a date")
        }
        return date
    }
}

extension PlainTime: ModelValue {
    /// `TimeField`.
    public static var fieldKind: FieldKind { .time }

    /// The time in ISO 8601.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .text(description) }

    /// Reads a time in ISO 8601.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> PlainTime {
        guard let time = try row.withText(index, { DatabaseDate.time(from: $0) }) else {
            throw row.mismatch(index, "is not a time of day")
        }
        return time
    }
}

extension Duration: ModelValue {
    /// `DurationField`.
    public static var fieldKind: FieldKind { .duration }

    /// The number of microseconds in SQLite, days and microseconds in PostgreSQL.
    ///
    /// - Throws: ``DatabaseError/Code/value`` for more than 292,000 years.
    public func databaseValue(for engine: DatabaseEngine) throws(DatabaseError) -> DatabaseValue {
        let (seconds, attoseconds) = components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (microseconds, isTooLarge) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        if isTooLong || isTooLarge {
            throw .value("The duration of \(seconds) seconds cannot be stored: the limit is 292,000 years.")
        }
        if engine == .sqlite { return .integer(microseconds) }
        let days = Int(microseconds).floored(by: 86_400_000_000)
        return .text("\(days) days \(Int(microseconds).modulo(86_400_000_000)) microseconds")
    }

    /// Reads microseconds, or an interval of PostgreSQL. As in psycopg, a month has 30 days and a year 365.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Duration {
        if case .text(let text) = row[index] {
            guard let duration = IntervalText.duration(from: text) else {
                throw row.mismatch(index, "is not a duration")
            }
            return duration
        }
        return .microseconds(try row.integer(index))
    }
}

/// The text of an interval in PostgreSQL's default style: `1 year 2 mons -3 days +04:05:06.789`.
enum IntervalText {
    private static let days = ["year": 365, "years": 365, "mon": 30, "mons": 30, "day": 1, "days": 1]

    static func duration(from text: String) -> Duration? {
        // PostgreSQL writes at most 80 bytes. More parts could add up to more than a `Duration` holds.
        guard text.utf8.count <= 100 else { return nil }
        var total = Duration.zero
        var number: Int64?
        for part in text.split(separator: " ") {
            if part.contains(":") {
                guard number == nil, let time = time(part) else { return nil }
                total += time
            } else if let count = number {
                guard let days = days[String(part)] else { return nil }
                let (seconds, overflow) = count.multipliedReportingOverflow(by: Int64(days * 86_400))
                guard !overflow else { return nil }
                total += .seconds(seconds)
                number = nil
            } else {
                guard let count = Int64(part) else { return nil }
                number = count
            }
        }
        return number == nil && !text.isEmpty ? total : nil
    }

    private static func time(_ text: Substring) -> Duration? {
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" || $0 == "+" }.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hours = Int64(parts[0]), let minutes = Int64(parts[1]), (0..<60).contains(minutes),
            (0..<100_000_000_000).contains(hours)
        else { return nil }
        let second = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard let seconds = Int64(second[0]), (0..<60).contains(seconds), second.count <= 2 else { return nil }
        var microseconds: Int64 = 0
        if second.count == 2 {
            guard (1...6).contains(second[1].count), let digits = Int64(second[1]), digits >= 0 else { return nil }
            microseconds = digits
            for _ in second[1].count..<6 { microseconds *= 10 }
        }
        let duration = Duration.seconds(hours * 3600 + minutes * 60 + seconds) + .microseconds(microseconds)
        return isNegative ? .zero - duration : duration
    }
}
