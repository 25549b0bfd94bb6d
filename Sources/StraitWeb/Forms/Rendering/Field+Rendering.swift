public import StraitTemplates

extension Field {
    /// The field's widget, with the submitted or the initial value: `<input type="text" name="name" …>`.
    public var html: SafeString {
        SafeString(
            WidgetMarkup(
                widget: widget, name: htmlName, values: shownValues, attributes: attributes, choices: shownChoices
            ).markup)
    }

    /// The label: `<label for="id_name">Name:</label>`, or without `for` if the widget is several boxes. Django's
    /// `label_tag`.
    public var labelTag: SafeString { label("label", widget.isFieldset) }

    private func label(_ tag: String, _ isOfSeveral: Bool) -> SafeString {
        let text = label
        // A label that ends with punctuation gets no colon.
        let suffix = text.last.map { ":?.!".contains($0) } == false ? ":" : ""
        let target = isOfSeveral ? "" : " for=\"\(SafeString(escaping: id))\""
        return SafeString("<\(tag)\(target)>\(SafeString(escaping: text + suffix))</\(tag)>")
    }

    /// The errors: `<ul class="errorlist" id="id_name_error">…</ul>`; empty if there are none.
    public var errorList: SafeString { errors.list(id: id + "_error") }

    /// Returns the help text in an element `tag`; empty if there is none.
    func helpText(in tag: String) -> String {
        help.isEmpty
            ? ""
            : """
            <\(tag) class="helptext" id="\(SafeString(escaping: id))_helptext">\(SafeString(escaping: help))</\(tag)>
            """
    }

    /// The label, help text, errors and widget. Django's `as_field_group`.
    public var fieldGroup: SafeString {
        let inner = "\n" + helpText(in: "div") + "\n" + errorList.description + "\n" + html.description
        guard widget.isFieldset else { return SafeString((label.isEmpty ? "" : labelTag.description) + inner) }
        let described = describedBy.map { " aria-describedby=\"\(SafeString(escaping: $0))\"" } ?? ""
        let legend = label.isEmpty ? "" : label("legend", true).description
        return SafeString("<fieldset\(described)>\n\(legend)\(inner)</fieldset>")
    }

    /// The IDs of the help text and the errors, for `aria-describedby`.
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

    /// Whether to set the `required` attribute. Django's `use_required_attribute`. With several check boxes, a browser
    /// would require each of them. A list without an empty choice always has a selection.
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
    /// Returns the errors as an HTML list; empty if there are none.
    func list(id: String?, style: String = "errorlist") -> SafeString {
        if isEmpty { return SafeString("") }
        let place = id.map { " id=\"\(SafeString(escaping: $0))\"" } ?? ""
        return SafeString(
            "<ul class=\"\(style)\"\(place)>" + map { "<li>\(SafeString(escaping: $0.message))</li>" }.joined()
                + "</ul>")
    }
}
