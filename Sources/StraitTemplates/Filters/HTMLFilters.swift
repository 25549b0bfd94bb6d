internal import StraitCore
internal import StraitText

extension TemplateLibrary {
    /// Adds the filters that convert text to HTML or HTML to text.
    mutating func addHTMLFilters() {
        addText("escape", isSafe: true) { (input, _, _) in
            .safe(input.isSafe ? SafeString(input.text) : SafeString(escaping: input.text))
        }
        addText("force_escape", isSafe: true) { (input, _, _) in .safe(SafeString(escaping: input.text)) }
        addText("safe", isSafe: true) { (input, _, _) in .safe(SafeString(input.text)) }
        addText("striptags", isSafe: true) { (input, _, _) throws(TemplateError) in
            .string(try TagStripper.stripped(input.text))
        }
        addText("linebreaks", isSafe: true) { (input, _, environment) in
            let text = PythonText.normalizedNewlines(input.text)
            let isEscaping = environment.isAutoescaping && !input.isSafe
            let paragraphs = Self.paragraphs(text).map { paragraph in
                let text = isEscaping ? HTMLEscape.escaped(paragraph) : paragraph
                return "<p>" + PythonText.replace(text, "\n", with: "<br>") + "</p>"
            }
            return .safe(SafeString(paragraphs.joined(separator: "\n\n")))
        }
        addText("linebreaksbr", isSafe: true) { (input, _, environment) in
            let text = PythonText.normalizedNewlines(input.text)
            let escaped = environment.isAutoescaping && !input.isSafe ? HTMLEscape.escaped(text) : text
            return .safe(SafeString(PythonText.replace(escaped, "\n", with: "<br>")))
        }
        addText("linenumbers", isSafe: true) { (input, _, environment) in
            let lines = PythonText.split(input.text, at: "\n")
            let width = String(lines.count).utf8.count
            let isEscaping = environment.isAutoescaping && !input.isSafe
            let numbered = lines.enumerated().map { index, line in
                (index + 1).padded(width) + ". " + (isEscaping ? HTMLEscape.escaped(line) : line)
            }
            return .safe(SafeString(numbered.joined(separator: "\n")))
        }
        addText("urlize", isSafe: true) { (input, _, environment) in
            let urlizer = Urlizer(isSafe: input.isSafe, isEscaping: environment.isAutoescaping, limit: nil)
            return .safe(SafeString(urlizer.linked(input.text)))
        }
        addText("urlizetrunc", .required, isSafe: true) { (input, argument, environment) throws(TemplateError) in
            guard let limit = argument.asInt else { throw .notANumber("urlizetrunc", argument) }
            let urlizer = Urlizer(isSafe: input.isSafe, isEscaping: environment.isAutoescaping, limit: limit)
            return .safe(SafeString(urlizer.linked(input.text)))
        }
    }

    /// Splits text at two or more consecutive line breaks.
    private static func paragraphs(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var result: [String] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            var end = index
            while end < bytes.count, bytes[end] == 0x0A { end += 1 }
            if end - index >= 2 {
                result.append(String(decoding: bytes[start..<index], as: UTF8.self))
                start = end
            }
            index = max(end, index + 1)
        }
        result.append(String(decoding: bytes[start...], as: UTF8.self))
        return result
    }
}

/// The filter `unordered_list`: converts nested lists to HTML lists, without the outermost `<ul>`.
enum UnorderedList {
    static func text(_ elements: [TemplateValue], isEscaping: Bool, depth: Int = 1) -> String {
        let indent = String(repeating: "\t", count: depth)
        var lines: [String] = []
        var index = 0
        while index < elements.count {
            let element = elements[index]
            index += 1
            var inner = ""
            // A list is nested under the element before it.
            if let children = elements.at(index).flatMap(list) {
                index += 1
                if !children.isEmpty {
                    let text = text(children, isEscaping: isEscaping, depth: depth + 1)
                    inner = "\n\(indent)<ul>\n\(text)\n\(indent)</ul>\n\(indent)"
                }
            }
            lines.append("\(indent)<li>\(isEscaping ? element.escapedText : element.text)\(inner)</li>")
        }
        return lines.joined(separator: "\n")
    }

    private static func list(_ value: TemplateValue) -> [TemplateValue]? {
        switch value {
        case .list(let elements), .tuple(let elements): elements
        default: nil
        }
    }
}
