/// A day, written `2026-02-28`, `02/28/2026`, `Feb 28 2026` …; Django's `DateField`. Nil where nothing was sent.
open class DateField: TypedField<PlainDate?> {
    private let min: PlainDate?
    private let max: PlainDate?

    /// - Parameters:
    ///   - min: The smallest value that is taken.
    ///   - max: The largest.
    ///   - required: This and what follows as for ``CharField``.
    public init(
        min: PlainDate? = nil, max: PlainDate? = nil, required: Bool = true, label: String? = nil, help: String = "",
        initial: PlainDate? = nil, widget: Widget = .text, validators: [Validator<PlainDate>] = [],
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

    private static func shown(_ value: PlainDate) -> String { "\(value)" }

    override open func read(_ input: FieldInput) throws(ValidationError) -> PlainDate?? {
        guard let text = input.values.last, !pythonStripped(text).isEmpty else { return nil }
        guard let value = DateFormat.date(text) else { throw ValidationError("Enter a valid date.") }
        return .some(value)
    }

    override open func text(of value: PlainDate?) -> [String] { value.map { [Self.shown($0)] } ?? [] }
}
