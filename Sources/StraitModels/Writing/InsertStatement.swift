internal import FoundationEssentials
internal import StraitCore
import StraitDatabase

/// The statement that stores new rows of a table.
struct InsertStatement {
    let statements: ModelStatements
    let now: Date
    let engine: DatabaseEngine

    /// The maximum number of rows in one statement, which both engines limit by their parameters.
    var maximumRows: Int { max(1, (engine == .sqlite ? 32_000 : 65_000) / max(1, statements.newValues.count)) }

    /// Returns the statement.
    ///
    /// - Parameters:
    ///   - rows: The values of the table's ``ModelTable/draftFields`` for each row.
    ///   - conflict: The clause for rows that violate a unique constraint.
    /// - Throws: ``DatabaseError/Code/value`` if a number has too many digits for its column.
    func sql(_ rows: [[any DatabaseConvertible]], conflict: SQL = "") throws(DatabaseError) -> SQL {
        var sql = SQL(trusted: statements.insertion(for: engine))
        let ways = statements.newValues
        if !ways.isEmpty {
            sql.reserveParameters(rows.count * ways.count)
            for (index, row) in rows.enumerated() {
                sql.append(index == 0 ? "(" : ", (")
                for (place, (way, value)) in zip(ways, row).enumerated() {
                    if place > 0 { sql.append(", ") }
                    switch way {
                    case .given: sql.append(value: value)
                    case .decimal(let field): sql.append(value: try field.fitted(value))
                    case .automatic(let field): try append(value, field, to: &sql)
                    }
                }
                sql.append(")")
            }
        }
        sql.append(conflict)
        sql.append(statements.returning)
        return sql
    }

    private func append(
        _ value: any DatabaseConvertible, _ field: ModelField, to sql: inout SQL
    ) throws(DatabaseError) {
        guard value is AutomaticValue else { return sql.append(value: try field.fitted(value)) }
        if field.autoNow != nil {
            sql.append(value: CurrentTime.value(now, for: field.kind))
        } else if let content = field.databaseDefault?.content {
            switch content {
            case .value(let value): sql.append(value: value)
            case .boolean(let value): sql.append(value: value)
            case .now: sql.append(CurrentTime.expression(for: engine, field.kind))
            }
        }
    }
}

/// The current time in the forms that fields need.
enum CurrentTime {
    /// Returns the time in UTC as the value of a field with `@AutoNow` or `@AutoNowAdd`.
    static func value(_ now: Date, for kind: FieldKind) -> any DatabaseConvertible {
        let seconds = Int(now.timeIntervalSince1970.rounded(.down))
        let day = CivilDate(daysSinceEpoch: seconds.floored(by: 86_400))
        let rest = seconds.modulo(86_400)
        switch kind {
        case .date: return PlainDate(year: day.year, month: day.month, day: day.day)
        case .time:
            let fraction = now.timeIntervalSince1970 - Double(seconds)
            return PlainTime(
                hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60,
                microsecond: min(999_999, Int(fraction * 1_000_000)))
        default: return now
        }
    }

    /// The time of the statement, as the default of a column; Django's `Now()`.
    static func expression(for engine: DatabaseEngine, _ kind: FieldKind) -> String {
        guard engine == .sqlite else { return "STATEMENT_TIMESTAMP()" }
        switch kind {
        case .date: return "DATE('NOW')"
        case .time: return "STRFTIME('%H:%M:%f', 'NOW')"
        default: return "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')"
        }
    }
}

extension ModelField {
    /// Returns a number with the digits of its column, and any other value unchanged.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the number has too many digits before the point.
    func fitted(_ value: any DatabaseConvertible) throws(DatabaseError) -> any DatabaseConvertible {
        guard case .decimal(let digits, let places) = kind, let number = value as? Decimal else { return value }
        guard let fitted = DecimalDigits.fitted(number, maxDigits: digits, decimalPlaces: places) else {
            throw DatabaseError(
                .value,
                "The number \(number) does not fit the column \(column), which has \(digits) digits, \(places) of them "
                    + "after the decimal point. Store a smaller number, or allow more digits with @Digits.",
                columns: [column])
        }
        return fitted
    }
}
