public import StraitText

/// A type with its own conversion to ``TemplateValue``, such as a form. The conversion replaces the one from
/// `Encodable`.
///
/// ```swift
/// try request.render("contact.html", ["form": form, "user": user])
/// ```
public protocol TemplateConvertible: Encodable {
    /// The value that templates receive.
    var templateValue: TemplateValue { get }
}

extension TemplateConvertible {
    /// Encodes ``templateValue``.
    public func encode(to encoder: any Encoder) throws { try templateValue.encode(to: encoder) }
}

extension SafeString: TemplateConvertible {
    /// The string as safe HTML.
    public var templateValue: TemplateValue { .safe(self) }
}

extension TemplateValue: TemplateConvertible {
    /// The value itself.
    public var templateValue: TemplateValue { self }

    /// Encodes the value. Dictionaries keep their order. Dates and decimal numbers become the text that templates
    /// print. An object becomes its elements, or its text if it has none.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .none: try Self.encode(encoder) { try $0.encodeNil() }
        case .bool(let value): try Self.encode(encoder) { try $0.encode(value) }
        case .int(let value): try Self.encode(encoder) { try $0.encode(value) }
        case .double(let value): try Self.encode(encoder) { try $0.encode(value) }
        case .list(let elements), .tuple(let elements): try elements.encode(to: encoder)
        case .dictionary(let dictionary):
            var container = encoder.container(keyedBy: TemplateKey.self)
            for (key, value) in dictionary.entries {
                try container.encode(value, forKey: TemplateKey(stringValue: key))
            }
        case .object(let object):
            if let elements = object.templateElements { return try elements.encode(to: encoder) }
            try Self.encode(encoder) { try $0.encode(text) }
        default: try Self.encode(encoder) { try $0.encode(text) }
        }
    }

    private static func encode(
        _ encoder: any Encoder, _ body: (inout any SingleValueEncodingContainer) throws -> Void
    ) throws {
        var container = encoder.singleValueContainer()
        try body(&container)
    }
}

/// A coding key for a dictionary's names.
struct TemplateKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension SafeString {
    /// Replaces each `{}` in `format` with the next of `values`, escaped unless it is safe (Django's `format_html`).
    ///
    /// A `{}` without a value remains.
    public init(format: SafeString, _ values: TemplateValue...) {
        var result = ""
        var rest = values[...]
        let pieces = PythonText.split(format.text, at: "{}")
        for (index, piece) in pieces.enumerated() {
            if index > 0 {
                if let value = rest.popFirst() { result += value.escapedText } else { result += "{}" }
            }
            result += piece
        }
        self.init(result)
    }
}
