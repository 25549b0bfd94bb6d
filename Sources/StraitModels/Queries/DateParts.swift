public import FoundationEssentials
public import StraitCore

/// A type of date or time whose year, month and day a query can use.
public protocol DayValue: ModelValue {}
/// A type of time whose hour, minute and second a query can use.
public protocol ClockValue: ModelValue {}
extension Date: DayValue, ClockValue {}
extension PlainDate: DayValue {}
extension PlainTime: ClockValue {}

extension Expression where Value.Base: DayValue {
    /// The year in UTC; Django's `year`.
    public var year: Calculation<Int> { part("%Y", "YEAR") }
    /// The month in UTC, from 1 to 12; Django's `month`.
    public var month: Calculation<Int> { part("%m", "MONTH") }
    /// The day of the month in UTC, from 1 to 31; Django's `day`.
    public var day: Calculation<Int> { part("%d", "DAY") }
    /// The day of the week in UTC, from 1 (Sunday) to 7; Django's `week_day`.
    public var weekday: Calculation<Int> {
        Calculation(
            """
            (\(sqlite: "CAST(STRFTIME('%w', ", postgreSQL: "EXTRACT(DOW FROM ")\(self)\
            \(sqlite: ") AS INTEGER) + 1)", postgreSQL: ")::int + 1)")
            """)
    }
    /// The day of the week in UTC, from 1 (Monday) to 7; Django's `iso_week_day`.
    public var isoWeekday: Calculation<Int> {
        Calculation(
            """
            \(sqlite: "((CAST(STRFTIME('%w', ", postgreSQL: "EXTRACT(ISODOW FROM ")\(self)\
            \(sqlite: ") AS INTEGER) + 6) % 7 + 1)", postgreSQL: ")::int")
            """)
    }
    /// The number of the week in UTC by ISO 8601, from 1 to 53; Django's `week`.
    public var isoWeek: Calculation<Int> {
        Calculation(
            """
            \(sqlite: "((STRFTIME('%j', DATE(", postgreSQL: "EXTRACT(WEEK FROM ")\(self)\
            \(sqlite: ", '-3 days', 'weekday 4')) - 1) / 7 + 1)", postgreSQL: ")::int")
            """)
    }
    /// The year in UTC to which the week belongs by ISO 8601; Django's `iso_year`.
    public var isoYear: Calculation<Int> {
        Calculation(
            """
            \(sqlite: "CAST(STRFTIME('%Y', DATE(", postgreSQL: "EXTRACT(ISOYEAR FROM ")\(self)\
            \(sqlite: ", '-3 days', 'weekday 4')) AS INTEGER)", postgreSQL: ")::int")
            """)
    }
    /// The first day of the year, quarter, month or week in UTC; Django's `TruncYear`, `TruncMonth` and so on.
    public func start(of unit: DateUnit) -> Calculation<PlainDate> {
        switch unit {
        case .year: truncated("'start of year')", "'year'")
        case .quarter:
            truncated("'start of month', '-' || ((\(month) - 1) % 3) || ' months')", "'quarter'")
        case .month: truncated("'start of month')", "'month'")
        case .week: truncated("'-6 days', 'weekday 1')", "'week'")
        }
    }

    /// A date of which SQLite's modifiers or PostgreSQL's unit remove a part.
    private func truncated(_ modifiers: SQLTemplate, _ unit: StaticString) -> Calculation<PlainDate> {
        Calculation(
            """
            \(sqlite: "DATE(", postgreSQL: "DATE_TRUNC(")\(onPostgreSQL: unit)\(self)\
            \(onSQLite: modifiers)\(sqlite: "", postgreSQL: ")::date")
            """)
    }
    /// The quarter of the year in UTC, from 1 to 4; Django's `quarter`.
    public var quarter: Calculation<Int> {
        Calculation(
            """
            (\(sqlite: "(CAST(STRFTIME('%m', ", postgreSQL: "EXTRACT(QUARTER FROM ")\(self)\
            \(sqlite: ") AS INTEGER) + 2) / 3)", postgreSQL: ")::int)")
            """)
    }
}

/// The spans of time whose first day ``Expression/start(of:)`` returns.
public enum DateUnit: Sendable, Hashable {
    /// Three months from January, April, July or October.
    case quarter
    /// Seven days from Monday.
    case week
    /// A year or a month of the calendar.
    case year, month
}

extension Expression where Value.Base: ClockValue {
    /// The hour in UTC, from 0 to 23; Django's `hour`.
    public var hour: Calculation<Int> { part("%H", "HOUR") }
    /// The minute, from 0 to 59; Django's `minute`.
    public var minute: Calculation<Int> { part("%M", "MINUTE") }
    /// The second without its fraction, from 0 to 59; Django's `second`.
    public var second: Calculation<Int> { part("%S", "SECOND") }
}

extension Expression where Value.Base == Date {
    /// The date in UTC; Django's `date`.
    public var date: Calculation<PlainDate> {
        Calculation("\(sqlite: "DATE(", postgreSQL: "(")\(self)\(sqlite: ")", postgreSQL: "::timestamptz)::date")")
    }

    /// The time of day in UTC; Django's `time`.
    public var time: Calculation<PlainTime> {
        Calculation(
            "\(sqlite: "SUBSTR(", postgreSQL: "(")\(self)\(sqlite: ", 12)", postgreSQL: "::timestamptz)::time")")
    }
}

extension Expression {
    /// A number of a date. A session with PostgreSQL is in UTC, and SQLite stores UTC.
    fileprivate func part(_ format: String, _ name: String) -> Calculation<Int> {
        var template: SQLTemplate = "\(sqlite: "CAST(STRFTIME(", postgreSQL: "FLOOR(EXTRACT(")"
        template.parts.append(.engines(sqlite: "'\(format)', ", postgreSQL: "\(name) FROM "))
        template.parts.append(.node(node))
        template.parts.append(.engines(sqlite: ") AS INTEGER)", postgreSQL: "))::int"))
        return Calculation(.calculation(template))
    }
}
