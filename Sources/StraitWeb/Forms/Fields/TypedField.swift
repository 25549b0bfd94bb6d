/// A field whose value has a type: the base of all.
///
/// A type of fields of your own inherits from one that is here and passes on validators of its own, or from this, and
/// reads its value itself:
///
/// ```swift
/// final class PointField: TypedField<Point?> {
///     init(required: Bool = true) { super.init(empty: nil, required: required) }
///
///     override func read(_ input: FieldInput) throws(ValidationError) -> Point?? {
///         guard let text = input.values.last, !text.isEmpty else { return nil }
///         guard let point = Point(text) else { throw ValidationError("Enter a point.") }
///         return .some(point)
///     }
/// }
/// ```
open class TypedField<Value>: Field {
    /// The value that was sent and is valid; else the empty one: `""`, `nil`, `false` or `[]`.
    public var value: Value {
        form?.check()
        return cleaned
    }

    private var cleaned: Value
    /// What the field shows before anything was sent. It is not what is taken where nothing is sent.
    public var initial: Value?
    private let empty: Value
    private let validators: [Validator<Value>]

    init(_ options: Options, widget: Widget, empty: Value, initial: Value?, validators: [Validator<Value>]) {
        cleaned = empty
        self.empty = empty
        self.initial = initial
        self.validators = validators
        super.init(options, widget: widget)
    }

    /// A type of fields of your own.
    ///
    /// - Parameters:
    ///   - empty: What ``value`` is where nothing valid was sent.
    ///   - required: This and what follows as for ``CharField``.
    public init(
        empty: Value, required: Bool = true, label: String? = nil, help: String = "", initial: Value? = nil,
        widget: Widget = .text, validators: [Validator<Value>] = [], messages: [String: String] = [:]
    ) {
        cleaned = empty
        self.empty = empty
        self.initial = initial
        self.validators = validators
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages), widget: widget)
    }

    /// The value of what was sent; nil where that is empty.
    ///
    /// - Throws: ``ValidationError`` where it is no such value.
    open func read(_ input: FieldInput) throws(ValidationError) -> Value? { nil }

    /// Checks the submitted text after all validators.
    func lastError(in input: FieldInput) -> ValidationError? { nil }

    /// What the widget shows for `value`; for several boxes, all that are chosen.
    open func text(of value: Value) -> [String] { ["\(value)"] }

    /// What the widget shows for what was sent.
    open func shown(_ input: FieldInput) -> [String] { input.values.suffix(1) }

    override var shownValues: [String] {
        if let input { return shown(input) }
        return initial.map(text) ?? []
    }

    override func clean() {
        noted = []
        cleaned = empty
        guard let input else { return }
        let read: Value?
        do { read = try self.read(input) } catch {
            noted = [worded(error)]
            return
        }
        guard let read else {
            if isRequired { noted = [worded(Self.missing)] }
            return
        }
        for validator in validators {
            do throws(ValidationError) { try validator(read) } catch { noted.append(worded(error)) }
        }
        if let error = lastError(in: input) { noted.append(worded(error)) }
        if noted.isEmpty { cleaned = read }
    }

    override func discard() { cleaned = empty }
}
