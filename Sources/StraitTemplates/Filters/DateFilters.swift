extension TemplateLibrary {
    /// Adds `date`, `time`, `timesince` and `timeuntil`.
    mutating func addDateFilters() {
        add("date", .optional) { (value, argument, environment) throws(TemplateError) in
            guard case .date(let date) = value else { return Self.undated(value, argument) }
            let engine = environment.engine
            let format = DateText.named(argument.flatMap { $0.isTrue ? $0.text : nil } ?? "", "DATE_FORMAT")
            return .string(try DateText.format(engine.local(date), format, engine.timeZone) ?? "")
        }
        add("time", .optional) { (value, argument, environment) throws(TemplateError) in
            guard case .date(let date) = value else { return Self.undated(value, argument, isTime: true) }
            let engine = environment.engine
            let format = DateText.named(argument.flatMap { $0.isTrue ? $0.text : nil } ?? "", "TIME_FORMAT")
            do {
                return .string(try DateText.format(engine.local(date), format, engine.timeZone, isTime: true) ?? "")
            } catch {
                return .string("")
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

    /// Returns the result of `date` or `time` for a value that is not a date.
    private static func undated(
        _ value: TemplateValue, _ argument: TemplateValue?, isTime: Bool = false
    ) -> TemplateValue {
        guard !value.isNone, value.string != "", let argument, argument.isTrue else { return .string("") }
        return .string(DateText.undated(DateText.named(argument.text, ""), isTime: isTime))
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
