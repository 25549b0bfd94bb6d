/// A time of the day, written `14:30`, `14:30:59` …; Django's `TimeField`. Nil where nothing was sent.
open class TimeField: TypedField<PlainTime?> {
    private let min: PlainTime?
    private let max: PlainTime?

    /// - Parameters:
    ///   - min: The smallest value that is taken.
    ///   - max: The largest.
    ///   - required: This and what follows as for ``CharField``.
    public init(
        min: PlainTime? = nil, max: PlainTime? = nil, required: Bool = true, label: String? = nil, help: String = "",
        initial: PlainTime? = nil, widget: Widget = .text, validators: [Validator<PlainTime>] = [],
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

    private static func shown(_ value: PlainTime) -> String { "\(value)" }

    override open func read(_ input: FieldInput) throws(ValidationError) -> PlainTime?? {
        guard let text = input.values.last, !pythonStripped(text).isEmpty else { return nil }
        guard let value = DateFormat.time(text) else { throw ValidationError("Enter a valid time.") }
        return .some(value)
    }

    override open func text(of value: PlainTime?) -> [String] { value.map { [Self.shown($0)] } ?? [] }
}
