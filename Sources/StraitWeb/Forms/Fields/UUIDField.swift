public import FoundationEssentials

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
        guard let text = input.values.last.map(pythonStripped), !text.isEmpty else { return nil }
        guard let value = Self.uuid(text) else { throw ValidationError("Enter a valid UUID.") }
        return .some(value)
    }

    /// Reads 32 hexadecimal digits as Python's `UUID` does: hyphens may be anywhere, and braces and `urn:uuid:` are
    /// allowed.
    private static func uuid(_ text: String) -> UUID? {
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
