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
