/// A field with a typed value: the base class of all fields.
///
/// To make your own type of field, subclass a field and pass your validators to it. Or subclass this class and read the
/// value yourself:
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
    /// The submitted value if it is valid, or else the empty one: `""`, `nil`, `false` or `[]`.
    public var value: Value {
        form?.check()
        return cleaned
    }

    private var cleaned: Value
    /// The value shown before the form is submitted. It does not replace a missing input.
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

    /// Creates a field, for subclasses outside the framework.
    ///
    /// - Parameters:
    ///   - empty: The ``value`` if no valid input was submitted.
    ///   - required: This and the following parameters are those of ``CharField``.
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

    /// Reads the value from the input. Returns nil if the input is empty.
    ///
    /// - Throws: ``ValidationError`` if the input is not valid.
    open func read(_ input: FieldInput) throws(ValidationError) -> Value? { nil }

    /// Checks the submitted text after all validators.
    func lastError(in input: FieldInput) -> ValidationError? { nil }

    /// Returns the texts that the widget shows for `value`; for several boxes, those of all selected ones.
    open func text(of value: Value) -> [String] { ["\(value)"] }

    /// Returns the texts that the widget shows for submitted input.
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
