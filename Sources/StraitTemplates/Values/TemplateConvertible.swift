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

/// A string of HTML that templates print without escaping (Django's `SafeString`).
public struct SafeString: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The HTML.
    public let text: String

    /// Marks `text` as HTML (Django's `mark_safe`). Never use it with a user's input.
    public init(_ text: String) { self.text = text }

    /// Marks a literal as HTML.
    public init(stringLiteral value: String) { text = value }

    /// Escapes `text` (Django's `escape`).
    public init(escaping text: String) { self.text = HTMLEscape.escaped(text) }

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
        text = result
    }

    /// Whether both have the same Unicode scalars, as in Python.
    public static func == (left: SafeString, right: SafeString) -> Bool { TextKey(left.text) == TextKey(right.text) }

    /// Hashes the UTF-8 bytes, to match `==`.
    public func hash(into hasher: inout Hasher) { hasher.combine(TextKey(text)) }

    /// The HTML.
    public var description: String { text }
}

/// A string as a dictionary key, compared and hashed by its UTF-8 bytes.
///
/// `String` compares by canonical equivalence. That takes quadratic time for runs of combining marks. It also equates
/// strings that Python and Django keep apart, such as the two encodings of `é`.
struct TextKey: Hashable, Sendable, ExpressibleByStringLiteral {
    let text: String

    init(_ text: String) { self.text = text }
    init(stringLiteral value: String) { text = value }

    static func == (left: TextKey, right: TextKey) -> Bool { PythonText.equal(left.text, right.text) }

    func hash(into hasher: inout Hasher) {
        // SAFETY: the hasher reads the bytes only during the call.
        let isHashed: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isHashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
        hasher.combine(0xFF as UInt8)
    }
}
