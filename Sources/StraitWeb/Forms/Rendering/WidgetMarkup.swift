internal import StraitNetwork
internal import StraitTemplates

/// The markup of one field's widget, as Django's templates write it.
struct WidgetMarkup {
    let widget: Widget
    let name: String
    let values: [String]
    let attributes: Attributes
    let choices: [Choice]

    var markup: String {
        switch widget.kind {
        case .input(let type):
            let value = values.last.flatMap { $0.isEmpty || !widget.showsValue ? nil : $0 }
            return input(type, value: value, attributes)
        case .file: return input("file", value: nil, attributes)
        case .checkbox:
            var attributes = attributes
            if values.last?.hasSameBytes(as: "true") == true { attributes["checked"] = .some(nil) }
            return input("checkbox", value: nil, attributes)
        case .textarea:
            // HTML parsers drop a line break directly after the tag. This one saves the text's own first line break.
            return "<textarea name=\"\(SafeString(escaping: name))\"\(attributes.markup)>\n"
                + SafeString(escaping: values.last ?? "").description + "</textarea>"
        case .select(let isMultiple):
            return "<select name=\"\(SafeString(escaping: name))\"\(attributes.markup)\(isMultiple ? " multiple" : "")>"
                + choices.map { choice in
                    let selected = chosen.contains(where: { $0.hasSameBytes(as: choice.value) }) ? " selected" : ""
                    return """
                        \n  <option value="\(SafeString(escaping: choice.value))"\(selected)>\
                        \(SafeString(escaping: choice.label))</option>
                        """
                }.joined() + "\n</select>"
        case .boxes(let isMultiple): return boxes(isMultiple ? "checkbox" : "radio")
        }
    }

    /// The selected values. If a single-choice widget has none, the empty choice is selected.
    private var chosen: [String] {
        switch widget.kind {
        case .select(isMultiple: false), .boxes(isMultiple: false): values.isEmpty ? [""] : values
        default: values
        }
    }

    private func input(_ type: String, value: String?, _ attributes: Attributes) -> String {
        "<input type=\"\(type)\" name=\"\(SafeString(escaping: name))\""
            + (value.map { " value=\"\(SafeString(escaping: $0))\"" } ?? "") + attributes.markup + ">"
    }

    private func boxes(_ type: String) -> String {
        let id = (attributes["id"] ?? nil) ?? ""
        let boxes = choices.enumerated().map { index, choice in
            var attributes = attributes
            attributes["id"] = .some("\(id)_\(index)")
            if chosen.contains(where: { $0.hasSameBytes(as: choice.value) }) { attributes["checked"] = .some(nil) }
            return "<div>\n    <label for=\"\(SafeString(escaping: id))_\(index)\">"
                + input(type, value: choice.value, attributes) + " \(SafeString(escaping: choice.label))</label></div>"
        }
        return "<div id=\"\(SafeString(escaping: id))\">\(boxes.joined())\n</div>"
    }
}
