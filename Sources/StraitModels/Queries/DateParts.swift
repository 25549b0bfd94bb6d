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
    public var year: Calculation<Int> { Calculation(node.year) }
    /// The month in UTC, from 1 to 12; Django's `month`.
    public var month: Calculation<Int> { Calculation(node.month) }
    /// The day of the month in UTC, from 1 to 31; Django's `day`.
    public var day: Calculation<Int> { Calculation(node.day) }
    /// The day of the week in UTC, from 1 (Sunday) to 7; Django's `week_day`.
    public var weekday: Calculation<Int> { Calculation(node.weekday) }
    /// The day of the week in UTC, from 1 (Monday) to 7; Django's `iso_week_day`.
    public var isoWeekday: Calculation<Int> { Calculation(node.isoWeekday) }
    /// The number of the week in UTC by ISO 8601, from 1 to 53; Django's `week`.
    public var isoWeek: Calculation<Int> { Calculation(node.isoWeek) }
    /// The year in UTC to which the week belongs by ISO 8601; Django's `iso_year`.
    public var isoYear: Calculation<Int> { Calculation(node.isoYear) }
    /// The quarter of the year in UTC, from 1 to 4; Django's `quarter`.
    public var quarter: Calculation<Int> { Calculation(node.quarter) }
    /// The first day of the year, quarter, month or week in UTC; Django's `TruncYear` and so on.
    public func start(of unit: DateUnit) -> Calculation<PlainDate> { Calculation(node.start(of: unit)) }
}

extension Expression where Value.Base: ClockValue {
    /// The hour in UTC, from 0 to 23; Django's `hour`.
    public var hour: Calculation<Int> { Calculation(node.hour) }
    /// The minute, from 0 to 59; Django's `minute`.
    public var minute: Calculation<Int> { Calculation(node.minute) }
    /// The second without its fraction, from 0 to 59; Django's `second`.
    public var second: Calculation<Int> { Calculation(node.second) }
}

extension Expression where Value.Base == Date {
    /// The date in UTC; Django's `date`.
    public var date: Calculation<PlainDate> { Calculation(node.date) }
    /// The time of day in UTC; Django's `time`.
    public var time: Calculation<PlainTime> { Calculation(node.time) }
}

// MARK: Parts of optional dates

extension Expression where Value.Base: DayValue, Value: OptionalValue {
    /// The year in UTC, or nil for an empty column; Django's `year`.
    public var year: Calculation<Int?> { Calculation(node.year) }
    /// The month in UTC, from 1 to 12, or nil for an empty column; Django's `month`.
    public var month: Calculation<Int?> { Calculation(node.month) }
    /// The day of the month in UTC, from 1 to 31, or nil for an empty column; Django's `day`.
    public var day: Calculation<Int?> { Calculation(node.day) }
    /// The day of the week in UTC, from 1 (Sunday) to 7, or nil for an empty column; Django's `week_day`.
    public var weekday: Calculation<Int?> { Calculation(node.weekday) }
    /// The day of the week in UTC, from 1 (Monday) to 7, or nil for an empty column; Django's `iso_week_day`.
    public var isoWeekday: Calculation<Int?> { Calculation(node.isoWeekday) }
    /// The number of the week in UTC by ISO 8601, from 1 to 53, or nil for an empty column; Django's `week`.
    public var isoWeek: Calculation<Int?> { Calculation(node.isoWeek) }
    /// The year in UTC to which the week belongs by ISO 8601, or nil for an empty column; Django's `iso_year`.
    public var isoYear: Calculation<Int?> { Calculation(node.isoYear) }
    /// The quarter of the year in UTC, from 1 to 4, or nil for an empty column; Django's `quarter`.
    public var quarter: Calculation<Int?> { Calculation(node.quarter) }
    /// The first day of the year, quarter, month or week in UTC, or nil for an empty column;
    /// Django's `TruncYear` and so on.
    public func start(of unit: DateUnit) -> Calculation<PlainDate?> { Calculation(node.start(of: unit)) }
}

extension Expression where Value.Base: ClockValue, Value: OptionalValue {
    /// The hour in UTC, from 0 to 23, or nil for an empty column; Django's `hour`.
    public var hour: Calculation<Int?> { Calculation(node.hour) }
    /// The minute, from 0 to 59, or nil for an empty column; Django's `minute`.
    public var minute: Calculation<Int?> { Calculation(node.minute) }
    /// The second without its fraction, from 0 to 59, or nil for an empty column; Django's `second`.
    public var second: Calculation<Int?> { Calculation(node.second) }
}

extension Expression where Value.Base == Date, Value: OptionalValue {
    /// The date in UTC, or nil for an empty column; Django's `date`.
    public var date: Calculation<PlainDate?> { Calculation(node.date) }
    /// The time of day in UTC, or nil for an empty column; Django's `time`.
    public var time: Calculation<PlainTime?> { Calculation(node.time) }
}

/// The spans of time whose first day `start(of:)` returns.
public enum DateUnit: Sendable, Hashable {
    /// Three months from January, April, July or October.
    case quarter
    /// Seven days from Monday.
    case week
    /// A year or a month of the calendar.
    case year, month
}

// MARK: SQL

extension ExpressionNode {
    fileprivate var year: ExpressionNode { part("%Y", "YEAR") }
    fileprivate var month: ExpressionNode { part("%m", "MONTH") }
    fileprivate var day: ExpressionNode { part("%d", "DAY") }
    fileprivate var hour: ExpressionNode { part("%H", "HOUR") }
    fileprivate var minute: ExpressionNode { part("%M", "MINUTE") }
    fileprivate var second: ExpressionNode { part("%S", "SECOND") }

    /// A number of a date. A session with PostgreSQL is in UTC, and SQLite stores UTC.
    private func part(_ format: String, _ name: String) -> ExpressionNode {
        var template: SQLTemplate = "\(sqlite: "CAST(STRFTIME(", postgreSQL: "FLOOR(EXTRACT(")"
        template.parts.append(.engines(sqlite: "'\(format)', ", postgreSQL: "\(name) FROM "))
        template.parts.append(.node(self))
        template.parts.append(.engines(sqlite: ") AS INTEGER)", postgreSQL: "))::int"))
        return .calculation(template)
    }

    fileprivate var weekday: ExpressionNode {
        .calculation(
            """
            (\(sqlite: "CAST(STRFTIME('%w', ", postgreSQL: "EXTRACT(DOW FROM ")\(self)\
            \(sqlite: ") AS INTEGER) + 1)", postgreSQL: ")::int + 1)")
            """)
    }

    fileprivate var isoWeekday: ExpressionNode {
        .calculation(
            """
            \(sqlite: "((CAST(STRFTIME('%w', ", postgreSQL: "EXTRACT(ISODOW FROM ")\(self)\
            \(sqlite: ") AS INTEGER) + 6) % 7 + 1)", postgreSQL: ")::int")
            """)
    }

    fileprivate var isoWeek: ExpressionNode {
        .calculation(
            """
            \(sqlite: "((STRFTIME('%j', DATE(", postgreSQL: "EXTRACT(WEEK FROM ")\(self)\
            \(sqlite: ", '-3 days', 'weekday 4')) - 1) / 7 + 1)", postgreSQL: ")::int")
            """)
    }

    fileprivate var isoYear: ExpressionNode {
        .calculation(
            """
            \(sqlite: "CAST(STRFTIME('%Y', DATE(", postgreSQL: "EXTRACT(ISOYEAR FROM ")\(self)\
            \(sqlite: ", '-3 days', 'weekday 4')) AS INTEGER)", postgreSQL: ")::int")
            """)
    }

    fileprivate var quarter: ExpressionNode {
        .calculation(
            """
            (\(sqlite: "(CAST(STRFTIME('%m', ", postgreSQL: "EXTRACT(QUARTER FROM ")\(self)\
            \(sqlite: ") AS INTEGER) + 2) / 3)", postgreSQL: ")::int)")
            """)
    }

    fileprivate func start(of unit: DateUnit) -> ExpressionNode {
        switch unit {
        case .year: truncated("'start of year')", "'year'")
        case .quarter: truncated("'start of month', '-' || ((\(month) - 1) % 3) || ' months')", "'quarter'")
        case .month: truncated("'start of month')", "'month'")
        case .week: truncated("'-6 days', 'weekday 1')", "'week'")
        }
    }

    /// A date of which SQLite's modifiers or PostgreSQL's unit remove a part.
    private func truncated(_ modifiers: SQLTemplate, _ unit: StaticString) -> ExpressionNode {
        .calculation(
            """
            \(sqlite: "DATE(", postgreSQL: "DATE_TRUNC(")\(onPostgreSQL: unit)\(self)\
            \(onSQLite: modifiers)\(sqlite: "", postgreSQL: ")::date")
            """)
    }

    fileprivate var date: ExpressionNode {
        .calculation("\(sqlite: "DATE(", postgreSQL: "(")\(self)\(sqlite: ")", postgreSQL: "::timestamptz)::date")")
    }

    fileprivate var time: ExpressionNode {
        .calculation(
            "\(sqlite: "SUBSTR(", postgreSQL: "(")\(self)\(sqlite: ", 12)", postgreSQL: "::timestamptz)::time")")
    }
}
