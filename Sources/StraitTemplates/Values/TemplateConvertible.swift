/// A type with a ``TemplateValue`` of its own, in place of the one that encoding it would make: a form is one.
///
/// ```swift
/// try request.render("contact.html", ["form": form, "user": user])
/// ```
public protocol TemplateConvertible: Encodable {
    /// The value that a template sees.
    var templateValue: TemplateValue { get }
}

extension TemplateConvertible {
    /// Encodes the template value.
    public func encode(to encoder: any Encoder) throws { try templateValue.encode(to: encoder) }
}

extension SafeString: TemplateConvertible {
    public var templateValue: TemplateValue { .safe(self) }
}

extension TemplateValue: TemplateConvertible {
    public var templateValue: TemplateValue { self }

    /// Encodes the value: dictionaries in their order, dates and decimal numbers as the text that templates print, and an
    /// object as its elements or its text.
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

/// The key of a dictionary.
struct TemplateKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
