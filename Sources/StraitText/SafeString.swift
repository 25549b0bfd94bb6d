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

    /// Whether both have the same Unicode scalars, as in Python.
    public static func == (left: SafeString, right: SafeString) -> Bool { TextKey(left.text) == TextKey(right.text) }

    /// Hashes the UTF-8 bytes, to match `==`.
    public func hash(into hasher: inout Hasher) { hasher.combine(TextKey(text)) }

    /// The HTML.
    public var description: String { text }
}

/// HTML escaping of `&`, `<`, `>`, `"` and `'`, like Python's `html.escape`.
@usableFromInline package enum HTMLEscape {
    /// Returns `text` escaped.
    package static func escaped(_ text: String) -> String {
        var result = ""
        append(text, to: &result)
        return result
    }

    /// Appends `text` escaped. Text without special characters, the most frequent case, is appended without a copy.
    @inlinable @inline(__always)
    package static func append(_ text: String, to output: inout String) {
        let utf8 = text.utf8
        if utf8.contains(where: isSpecial) { appendEscaped(text, to: &output) } else { output.append(text) }
    }

    @usableFromInline static func appendEscaped(_ text: String, to output: inout String) {
        let bytes = text.utf8.span
        var start = text.startIndex
        for place in bytes.indices where isSpecial(bytes[place]) {
            let end = text.utf8.index(text.startIndex, offsetBy: place)
            output += text[start..<end]
            output += entity(bytes[place])
            start = text.utf8.index(after: end)
        }
        output += text[start...]
    }

    /// All special bytes are between `"` and `>`.
    @inlinable @inline(__always)
    static func isSpecial(_ byte: UInt8) -> Bool {
        guard byte <= 0x3E, byte >= 0x22 else { return false }
        return byte == 0x26 || byte == 0x3C || byte == 0x3E || byte == 0x22 || byte == 0x27
    }

    private static func entity(_ byte: UInt8) -> String {
        switch byte {
        case 0x26: "&amp;"
        case 0x3C: "&lt;"
        case 0x3E: "&gt;"
        case 0x22: "&quot;"
        default: "&#x27;"
        }
    }
}
