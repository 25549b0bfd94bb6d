public import FoundationEssentials
public import StraitCore
public import StraitDatabase
internal import StraitText

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
        return engine == .sqlite ? .integer(microseconds) : .text(DurationText.interval(of: self))
    }

    /// Reads microseconds, or an interval of PostgreSQL. As in psycopg, a month has 30 days and a year 365.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Duration {
        if case .text(let text) = row[index] {
            guard let duration = DurationText.readInterval(text) else {
                throw row.mismatch(index, "is not a duration")
            }
            return duration
        }
        return .microseconds(try row.integer(index))
    }
}
