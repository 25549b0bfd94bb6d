public import FoundationEssentials

/// A UUID, with its hyphens or without; Django's `UUIDField`. Nil where nothing was sent.
open class UUIDField: TypedField<UUID?> {
    /// - Parameters: As those of ``CharField``.
    public init(
        required: Bool = true, label: String? = nil, help: String = "", initial: UUID? = nil, widget: Widget = .text,
        validators: [Validator<UUID>] = [], messages: [String: String] = [:]
    ) {
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages), widget: .text,
            empty: nil, initial: initial, validators: validators.map { $0.orEmpty })
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> UUID?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        let digits = text.replacing("urn:", with: "").replacing("uuid:", with: "").filter { !"{}-".contains($0) }
        guard digits.utf8.count == 32, let value = UUID(uuidString: Self.hyphenated(digits)) else {
            throw ValidationError("Enter a valid UUID.")
        }
        return .some(value)
    }

    private static func hyphenated(_ digits: String) -> String {
        var rest = digits[...]
        return [8, 4, 4, 4, 12].map { count in
            defer { rest = rest.dropFirst(count) }
            return String(rest.prefix(count))
        }.joined(separator: "-")
    }

    override open func text(of value: UUID?) -> [String] { value.map { [$0.uuidString.lowercased()] } ?? [] }
}
