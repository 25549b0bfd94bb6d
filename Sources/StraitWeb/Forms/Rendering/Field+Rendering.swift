public import StraitTemplates

extension Field {
    /// The field's widget, with what was sent or its initial value: `<input type="text" name="name" …>`.
    public var html: SafeString {
        SafeString(
            WidgetMarkup(
                widget: widget, name: htmlName, values: shownValues, attributes: attributes, choices: shownChoices
            ).markup)
    }

    /// `<label for="id_name">Name:</label>`, or a `<legend>` where the widget is several boxes; Django's `label_tag`.
    public var labelTag: SafeString { label("label", widget.isFieldset) }

    private func label(_ tag: String, _ isOfSeveral: Bool) -> SafeString {
        let text = label
        // A label that ends a sentence needs no colon.
        let suffix = text.last.map { ":?.!".contains($0) } == false ? ":" : ""
        let target = isOfSeveral ? "" : " for=\"\(SafeString(escaping: id))\""
        return SafeString("<\(tag)\(target)>\(SafeString(escaping: text + suffix))</\(tag)>")
    }

    /// `<ul class="errorlist" id="id_name_error">…</ul>`; empty where nothing is wrong.
    public var errorList: SafeString { errors.list(id: id + "_error") }

    /// The help beside the field in an element of that name; empty where there is none.
    func helpText(in tag: String) -> String {
        help.isEmpty
            ? ""
            : "<\(tag) class=\"helptext\" id=\"\(SafeString(escaping: id))_helptext\">\(SafeString(escaping: help))</\(tag)>"
    }

    /// Label, help, errors and widget; Django's `as_field_group`.
    public var fieldGroup: SafeString {
        let inner = "\n" + helpText(in: "div") + "\n" + errorList.description + "\n" + html.description
        guard widget.isFieldset else { return SafeString((label.isEmpty ? "" : labelTag.description) + inner) }
        let described = describedBy.map { " aria-describedby=\"\(SafeString(escaping: $0))\"" } ?? ""
        let legend = label.isEmpty ? "" : label("legend", true).description
        return SafeString("<fieldset\(described)>\n\(legend)\(inner)</fieldset>")
    }

    /// The ids of what explains the field to those who do not see it.
    private var describedBy: String? {
        let ids = (help.isEmpty ? [] : [id + "_helptext"]) + (errors.isEmpty ? [] : [id + "_error"])
        return ids.isEmpty || widget.isHidden ? nil : ids.joined(separator: " ")
    }

    private var attributes: Attributes {
        var attributes = Attributes(widget.own.map { ($0.name, $0.value) } + ownAttributes)
        if isRequired, showsRequired { attributes["required"] = .some(nil) }
        if !widget.isHidden, !errors.isEmpty { attributes["aria-invalid"] = "true" }
        if attributes["aria-describedby"] == nil, !widget.isFieldset, let describedBy {
            attributes["aria-describedby"] = .some(describedBy)
        }
        if attributes["id"] == nil { attributes["id"] = .some(id) }
        return attributes
    }

    /// Django's `use_required_attribute`: a browser would want each of several boxes ticked, and a list without an
    /// empty choice always has one.
    private var showsRequired: Bool {
        switch widget.kind {
        case .input: !widget.isHidden
        case .boxes(let isMultiple): !isMultiple
        case .select(let isMultiple): isMultiple || shownChoices.first?.value.isEmpty == true
        case .textarea, .checkbox, .file: true
        }
    }
}

extension [ValidationError] {
    /// The errors as a list; empty where there is none.
    func list(id: String?, style: String = "errorlist") -> SafeString {
        if isEmpty { return SafeString("") }
        let place = id.map { " id=\"\(SafeString(escaping: $0))\"" } ?? ""
        return SafeString(
            "<ul class=\"\(style)\"\(place)>" + map { "<li>\(SafeString(escaping: $0.message))</li>" }.joined()
                + "</ul>")
    }
}
