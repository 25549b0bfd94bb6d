/// A field whose value has a type: the base of all.
///
/// A field of your own is a class that inherits from one of those that are here, ``CharField``
/// say, and passes on validators of its own.
open class TypedField<Value>: Field {
    /// The value that was sent and is valid; else the empty one: `""`, `nil`, `false` or `[]`.
    public private(set) var value: Value
    /// What the field shows before anything was sent. It is not what is taken where nothing is sent.
    public var initial: Value?
    private let empty: Value
    private let validators: [Validator<Value>]

    init(_ options: Options, widget: Widget, empty: Value, initial: Value?, validators: [Validator<Value>]) {
        value = empty
        self.empty = empty
        self.initial = initial
        self.validators = validators
        super.init(options, widget: widget)
    }

    /// The value of what was sent; nil where that is empty.
    ///
    /// - Throws: ``ValidationError`` where it is no such value. Several at once are noted in ``Field/errors``.
    func read(_ input: FieldInput) throws(ValidationError) -> Value? { nil }

    /// What an input shows for `value`.
    func text(of value: Value) -> [String] { ["\(value)"] }

    /// What an input shows for what was sent.
    func shown(_ input: FieldInput) -> [String] { input.values.suffix(1) }

    override var shownValues: [String] {
        if let input { return shown(input) }
        return initial.map(text) ?? []
    }

    override func clean() {
        errors = []
        value = empty
        guard let input else { return }
        let read: Value?
        do { read = try self.read(input) } catch {
            errors = [worded(error)]
            return
        }
        guard let read else {
            if isRequired { errors = [worded(Self.missing)] }
            return
        }
        for validator in validators {
            do throws(ValidationError) { try validator(read) } catch { errors.append(worded(error)) }
        }
        if errors.isEmpty { value = read }
    }

    override func discard() { value = empty }
}
