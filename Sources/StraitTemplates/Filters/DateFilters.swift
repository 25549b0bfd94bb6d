extension TemplateLibrary {
    /// Adds `date`, `time`, `timesince` and `timeuntil`.
    mutating func addDateFilters() {
        addDateFilter("date", .date) { (date, format, engine) throws(TemplateError) in
            try DateText.format(engine.local(date), format, engine.timeZone) ?? ""
        }
        addDateFilter("time", .time, isTime: true) { date, format, engine in
            do throws(TemplateError) {
                return try DateText.format(engine.local(date), format, engine.timeZone, isTime: true) ?? ""
            } catch {
                return ""
            }
        }
        add("timesince", .optional) {
            (value, argument, environment) throws(TemplateError) in
            try Self.span(value, argument, environment, false)
        }
        add("timeuntil", .optional) {
            (value, argument, environment) throws(TemplateError) in
            try Self.span(value, argument, environment, true)
        }
    }

    /// Adds `date` or `time`. A format that is written in the template is divided into its parts only once.
    private mutating func addDateFilter(
        _ name: String, _ standard: DateFormat, isTime: Bool = false,
        _ text: @escaping @Sendable (TemplateDate, DateFormat, TemplateEngine) throws(TemplateError) -> String
    ) {
        add(name, .optional) { (argument: TemplateValue?) -> TemplateFilter.Body in
            let format = argument.flatMap { $0.isTrue ? DateFormat(named: $0.text) : nil }
            return { (value, _, environment) throws(TemplateError) in
                if case .date(let date) = value {
                    return .string(try text(date, format ?? standard, environment.engine))
                }
                guard !value.isNone, value.string != "", let format else { return .string("") }
                return .string(DateText.undated(format, isTime: isTime))
            }
        }
    }

    private static func noDate(_ value: TemplateValue) -> TemplateError {
        .badValue("'timesince' and 'timeuntil' got \(value.representation). Pass a date, with or without a time.")
    }

    private static func span(
        _ value: TemplateValue, _ argument: TemplateValue?, _ environment: FilterEnvironment, _ isUntil: Bool
    ) throws(TemplateError) -> TemplateValue {
        guard value.isTrue else { return .string("") }
        guard case .date(let date) = value, date.kind != .time else { throw noDate(value) }
        var other = environment.engine.now
        if date.zone == nil { other = other.withoutZone }
        if let argument, argument.isTrue {
            guard case .date(let given) = argument, given.kind != .time else { throw noDate(argument) }
            other = given
        }
        // The result is computed in the value's zone, not in the other date's.
        let text: String?
        if isUntil {
            if let zone = date.zone, other.zone != nil {
                other = TemplateDate(moment: other.dateTime.moment, zone: zone)
            }
            text = TimeSpan.text(from: other, to: date)
        } else {
            text = TimeSpan.text(from: date, to: other)
        }
        return .string(text ?? "")
    }
}
