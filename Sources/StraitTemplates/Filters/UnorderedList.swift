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
