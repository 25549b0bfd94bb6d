/// Escapes text for HTML: `&`, `<`, `>`, `"` and `'`, as Python's `html.escape`.
enum HTMLEscape {
    /// `text`, escaped.
    static func escaped(_ text: String) -> String {
        var result = ""
        append(text, to: &result)
        return result
    }

    /// Appends `text`, escaped. Where nothing is to be escaped, which is the rule, it is appended at once.
    @inline(__always)
    static func append(_ text: String, to output: inout String) {
        let utf8 = text.utf8
        guard let first = utf8.firstIndex(where: isSpecial) else {
            output.append(text)
            return
        }
        appendEscaped(text, from: first, to: &output)
    }

    private static func appendEscaped(_ text: String, from first: String.Index, to output: inout String) {
        let utf8 = text.utf8
        var start = utf8.startIndex
        var index = first
        while index < utf8.endIndex {
            if let entity = entity(utf8[index]) {
                output += text[start..<index]
                output += entity
                start = utf8.index(after: index)
            }
            index = utf8.index(after: index)
        }
        output += text[start...]
    }

    /// All that is special lies from `"` to `>`.
    @inline(__always)
    private static func isSpecial(_ byte: UInt8) -> Bool {
        guard byte <= 0x3E, byte >= 0x22 else { return false }
        return byte == 0x26 || byte == 0x3C || byte == 0x3E || byte == 0x22 || byte == 0x27
    }

    private static func entity(_ byte: UInt8) -> String? {
        switch byte {
        case 0x26: "&amp;"
        case 0x3C: "&lt;"
        case 0x3E: "&gt;"
        case 0x22: "&quot;"
        case 0x27: "&#x27;"
        default: nil
        }
    }
}
