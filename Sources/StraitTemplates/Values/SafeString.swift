/// Text that is HTML already: it is put into a page as it is, where other text is escaped (Django's `SafeString`).
public struct SafeString: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The HTML.
    public let text: String

    /// Takes `text` for HTML (Django's `mark_safe`). Never call it with what a user wrote.
    public init(_ text: String) { self.text = text }

    /// Takes a literal for HTML.
    public init(stringLiteral value: String) { text = value }

    /// Escapes `text` (Django's `escape`).
    public init(escaping text: String) { self.text = HTMLEscape.escaped(text) }

    /// `format` with each `{}` replaced by the next of `values`, escaped where it is not safe (Django's `format_html`).
    /// A `{}` that no value is left for stays.
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

    /// Whether both have the same scalars, as in Python.
    public static func == (left: SafeString, right: SafeString) -> Bool { TextKey(left.text) == TextKey(right.text) }

    public func hash(into hasher: inout Hasher) { hasher.combine(TextKey(text)) }

    public var description: String { text }
}
