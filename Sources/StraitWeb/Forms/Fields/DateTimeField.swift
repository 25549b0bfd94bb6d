/// A day and a time, written `2026-02-28 14:30`, `2026-02-28T14:30+01:00`, `02/28/2026 14:30` …; Django's
/// `DateTimeField`. Nil where nothing was sent.
open class DateTimeField: TypedField<PlainDateTime?> {
    private let min: PlainDateTime?
    private let max: PlainDateTime?

    /// - Parameters:
    ///   - min: The smallest value that is taken.
    ///   - max: The largest.
    ///   - required: This and what follows as for ``CharField``.
    public init(
        min: PlainDateTime? = nil, max: PlainDateTime? = nil, required: Bool = true, label: String? = nil,
        help: String = "",
        initial: PlainDateTime? = nil, widget: Widget = .text, validators: [Validator<PlainDateTime>] = [],
        messages: [String: String] = [:]
    ) {
        self.min = min
        self.max = max
        let all =
            validators + (max.map { [.maximum($0, Self.shown($0))] } ?? [])
            + (min.map { [.minimum($0, Self.shown($0))] } ?? [])
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages),
            widget: .text, empty: nil, initial: initial, validators: all.map { $0.orEmpty })
    }

    private static func shown(_ value: PlainDateTime) -> String { "\(value)" }

    override open func read(_ input: FieldInput) throws(ValidationError) -> PlainDateTime?? {
        guard let text = input.values.last, !pythonStripped(text).isEmpty else { return nil }
        guard let value = DateFormat.dateTime(text) else { throw ValidationError("Enter a valid date/time.") }
        return .some(value)
    }

    override open func text(of value: PlainDateTime?) -> [String] { value.map { [Self.shown($0)] } ?? [] }
}
