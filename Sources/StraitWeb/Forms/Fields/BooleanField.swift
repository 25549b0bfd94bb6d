internal import StraitNetwork

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
