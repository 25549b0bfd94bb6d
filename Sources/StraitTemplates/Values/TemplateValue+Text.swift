internal import StraitText

extension TemplateValue: CustomStringConvertible {
    /// Python's `str(value)`: `None`, `True`, `1e+16`, `['a', 1]`.
    public var text: String {
        switch self {
        case .string(let value): value
        case .safe(let value): value.text
        case .decimal(let number): number.description
        case .date(let date): date.text
        case .object(let object): object.templateText
        default: representation
        }
    }

    /// The same as ``text``.
    public var description: String { text }

    /// Python's `repr(value)`: like ``text``, but strings have quotes.
    public var representation: String {
        switch self {
        case .none: return "None"
        case .bool(let value): return value ? "True" : "False"
        case .int(let value): return String(value)
        case .double(let value): return PythonNumber.text(value)
        case .decimal(let number): return number.representation
        case .string(let value): return PythonText.representation(value)
        case .safe(let value): return PythonText.representation(value.text)
        case .date(let date): return date.representation
        case .list(let elements): return "[" + elements.map(\.representation).joined(separator: ", ") + "]"
        case .tuple(let elements):
            let inner = elements.map(\.representation).joined(separator: ", ")
            return elements.count == 1 ? "(\(inner),)" : "(\(inner))"
        case .dictionary(let dictionary):
            let inner = dictionary.entries.map { PythonText.representation($0.key) + ": " + $0.value.representation }
            return "{" + inner.joined(separator: ", ") + "}"
        case .object(let object): return object.templateRepresentation
        }
    }

    /// The text, escaped unless it is safe HTML (Django's `conditional_escape`).
    public var escapedText: String {
        if case .safe(let value) = self { return value.text }
        if case .object(let object) = self, let html = object.templateHTML { return html.text }
        return HTMLEscape.escaped(text)
    }

    /// Appends the output of `{{ value }}` (Django's `render_value_in_context`). Numbers print without an exponent,
    /// dates in the engine's time zone and in the English format.
    func write(to output: inout String, escaping: Bool, _ engine: TemplateEngine) {
        switch self {
        case .string(let value):
            if escaping { HTMLEscape.append(value, to: &output) } else { output += value }
        case .safe(let value): output += value.text
        case .int(let value): output += String(value)
        case .double(let value): output += PythonNumber.localized(value)
        case .decimal(let number): output += number.localized
        case .date(let date):
            let local = engine.local(date)
            let text = DateText.standard(local, engine.timeZone)
            if escaping { HTMLEscape.append(text, to: &output) } else { output += text }
        case .object(let object):
            if let html = object.templateHTML {
                output += html.text
                return
            }
            if escaping { HTMLEscape.append(text, to: &output) } else { output += text }
        default:
            if escaping { HTMLEscape.append(text, to: &output) } else { output += text }
        }
    }
}
