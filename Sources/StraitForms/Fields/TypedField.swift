public import FoundationEssentials
public import StraitCore
internal import StraitText

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

    /// Returns the strings that the widget shows for `value`. For check boxes, these are the values of all checked
    /// ones.
    open func text(of value: Value) -> [String] { ["\(value)"] }

    /// Returns the strings that the widget shows for submitted input.
    open func shown(_ input: FieldInput) -> [String] { input.values.suffix(1) }

    override package var shownValues: [String] {
        if let input { return shown(input) }
        return initial.map(text) ?? []
    }

    override func clean() {
        noted = []
        cleaned = empty
        guard let input else { return }
        let read: Value?
        do { read = try self.read(input) } catch {
            noted = [customized(error)]
            return
        }
        guard let read else {
            if isRequired { noted = [customized(Self.missing)] }
            return
        }
        for validator in validators {
            do throws(ValidationError) { try validator(read) } catch { noted.append(customized(error)) }
        }
        if let error = lastError(in: input) { noted.append(customized(error)) }
        if noted.isEmpty { cleaned = read }
    }

    override func discard() { cleaned = empty }
}

/// A date, such as `2026-02-28`, `02/28/2026` or `Feb 28 2026`. Django's `DateField`. Its value is nil if nothing was
/// submitted.
open class DateField: BoundedField<PlainDate> {
    override open func read(_ input: FieldInput) throws(ValidationError) -> PlainDate?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = DateFormat.date(text) else { throw ValidationError("Enter a valid date.") }
        return .some(value)
    }
}

/// A date and a time, such as `2026-02-28 14:30`, `2026-02-28T14:30+01:00` or `02/28/2026 14:30`. Django's
/// `DateTimeField`. Its value is nil if nothing was submitted.
open class DateTimeField: BoundedField<PlainDateTime> {
    override open func read(_ input: FieldInput) throws(ValidationError) -> PlainDateTime?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = DateFormat.dateTime(text) else { throw ValidationError("Enter a valid date/time.") }
        return .some(value)
    }
}

/// A time of day, such as `14:30` or `14:30:59`. Django's `TimeField`. Its value is nil if nothing was submitted.
open class TimeField: BoundedField<PlainTime> {
    override open func read(_ input: FieldInput) throws(ValidationError) -> PlainTime?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = DateFormat.time(text) else { throw ValidationError("Enter a valid time.") }
        return .some(value)
    }
}

/// A checkbox. Django's `BooleanField`. If it is required, it must be checked.
open class BooleanField: TypedField<Bool> {
    /// Creates a field. The parameters are those of ``CharField``.
    public init(
        required: Bool = true, label: String? = nil, help: String = "", initial: Bool? = nil,
        widget: Widget = .checkbox, validators: [Validator<Bool>] = [], messages: [String: String] = [:]
    ) {
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages),
            widget: .checkbox, empty: false, initial: initial, validators: validators)
    }

    /// Returns true for a checked box, and nil for an unchecked one. A hidden field sends `False` when unchecked.
    override open func read(_ input: FieldInput) throws(ValidationError) -> Bool? {
        isTicked(input) ? true : nil
    }

    private func isTicked(_ input: FieldInput) -> Bool {
        guard let text = input.values.last, !text.isEmpty else { return false }
        guard !text.lowercased().hasSameBytes(as: "false") else { return false }
        return widget.kind == .checkbox || !text.hasSameBytes(as: "0")
    }

    override open func text(of value: Bool) -> [String] {
        widget.kind == .checkbox ? (value ? ["true"] : []) : [value ? "True" : "False"]
    }

    override open func shown(_ input: FieldInput) -> [String] {
        widget.kind == .checkbox ? (isTicked(input) ? ["true"] : []) : input.values.suffix(1)
    }
}

/// A UUID, with or without hyphens. Django's `UUIDField`. Its value is nil if nothing was submitted.
open class UUIDField: TypedField<UUID?> {
    /// Creates a field. The parameters are those of ``CharField``.
    public init(
        required: Bool = true, label: String? = nil, help: String = "", initial: UUID? = nil, widget: Widget = .text,
        validators: [Validator<UUID>] = [], messages: [String: String] = [:]
    ) {
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages), widget: .text,
            empty: nil, initial: initial, validators: validators.map { $0.orEmpty })
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> UUID?? {
        guard let text = input.values.last.map(PythonText.stripped), !text.isEmpty else { return nil }
        guard let value = Self.value(of: text) else { throw ValidationError("Enter a valid UUID.") }
        return .some(value)
    }

    /// Reads 32 hexadecimal digits as Python's `UUID` does: hyphens may be anywhere, and braces and `urn:uuid:` are
    /// allowed.
    package static func value(of text: String) -> UUID? {
        guard text.utf8.count <= 100 else { return nil }
        var bytes = Array(text.utf8)
        for mark in ["urn:", "uuid:"] {
            while let start = bytes.indices.first(where: { bytes[$0...].starts(with: mark.utf8) }) {
                bytes.removeSubrange(start..<start + mark.utf8.count)
            }
        }
        let isBrace = { (byte: UInt8) in byte == 0x7B || byte == 0x7D }
        let inner = bytes.drop(while: isBrace).reversed().drop(while: isBrace).reversed()
        let digits = inner.filter { $0 != 0x2D }
        guard digits.count == 32 else { return nil }
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return UUID(uuidString: groups.map { String(decoding: digits[$0], as: UTF8.self) }.joined(separator: "-"))
    }

    override open func text(of value: UUID?) -> [String] { value.map { [$0.uuidString.lowercased()] } ?? [] }
}
