import StraitCore
import StraitJSON
internal import StraitText

/// Escaping for scripts: the filters `escapejs` and `json_script`.
enum ScriptText {
    /// Returns `text` escaped for a JavaScript string.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "'", "\"", ">", "<", "&", "=", "-", ";", "`", "\u{2028}", "\u{2029}":
                result += code(scalar.value)
            default:
                if scalar.value < 32 { result += code(scalar.value) } else { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    private static func code(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }

    /// Returns ASCII JSON in Python's format, with `<`, `>` and `&` escaped so that it cannot end a script.
    static func json(_ value: TemplateValue) -> String {
        switch value {
        case .none: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .double(let value):
            if value.isNaN { return "NaN" }
            return value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : PythonNumber.text(value)
        case .decimal(let number): return number.isInteger ? number.fixed : quoted(number.description)
        case .string(let text): return quoted(text)
        case .safe(let html): return quoted(html.text)
        case .date(let date): return quoted(dateText(date))
        case .list(let elements), .tuple(let elements): return "[" + elements.map(json).joined(separator: ", ") + "]"
        case .dictionary(let dictionary):
            return "{" + dictionary.entries.map { quoted($0.key) + ": " + json($0.value) }.joined(separator: ", ") + "}"
        case .object(let object):
            if let query = object as? QueryValues {
                let entries = query.templateElements ?? []
                return "{"
                    + entries.map { quoted($0.text) + ": " + json(query[member: $0.text] ?? TemplateValue.none) }
                    .joined(separator: ", ") + "}"
            }
            return object.templateElements.map { json(.list($0)) } ?? quoted(object.templateText)
        }
    }

    /// Returns the date in ISO 8601 format, cut to milliseconds and with `Z` for UTC, as browsers expect.
    private static func dateText(_ date: TemplateDate) -> String {
        var bytes = Array(date.iso.utf8)
        if date.kind != .date, date.microsecond != 0, let point = bytes.firstIndex(of: 0x2E) {
            bytes.removeSubrange(point + 4..<point + 7)
        }
        if bytes.suffix(6).elementsEqual("+00:00".utf8) {
            bytes.removeLast(6)
            bytes.append(UInt8(ascii: "Z"))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func quoted(_ text: String) -> String {
        var json = ByteBuffer(capacity: text.utf8.count + 2)
        json.append(json: text, escaping: .script)
        return String(decoding: json.freeze(), as: UTF8.self)
    }
}
