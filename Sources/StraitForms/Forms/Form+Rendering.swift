public import StraitText

extension Form {
    /// The form with each field in a `<div>`. Django's `as_div`. The page adds the `<form>`, its button and the CSRF
    /// token.
    public var asDiv: SafeString {
        rows(
            orphans: { "<div>\($0)</div>" },
            row: { field, hidden in "<div>\n\(field.fieldGroup)\n\(hidden)\n</div>" })
    }

    /// The form with each field in a `<p>`, after its errors. Django's `as_p`.
    public var asP: SafeString {
        rows(
            orphans: { "<p>\($0)</p>" },
            row: { field, hidden in
                """
                \(field.errorList)\n<p>\n\(field.shownLabel)\n\(field.html)\n\(field.helpText(in: "span"))\n\(hidden)\n\
                </p>
                """
            })
    }

    /// The form with each field in a `<li>`, without the list element. Django's `as_ul`.
    public var asUL: SafeString {
        rows(
            top: { errors, hidden in "<li>\n\(errors)\n\(hidden)\n</li>" }, orphans: { $0 },
            row: { field, hidden in
                """
                <li>\n\(field.errorList)\n\(field.shownLabel)\n\(field.html)\n\(field.helpText(in: "span"))\n\
                \(hidden)\n</li>
                """
            })
    }

    /// The form with each field in a `<tr>`, without the table element. Django's `as_table`.
    public var asTable: SafeString {
        rows(
            top: { errors, hidden in "<tr>\n<td colspan=\"2\">\n\(errors)\n\(hidden)\n</td>\n</tr>" },
            orphans: { $0 },
            row: { field, hidden in
                let help = field.help.isEmpty ? "" : "<br>\n" + field.helpText(in: "span")
                return """
                    <tr>\n<th>\(field.shownLabel)</th>\n<td>\n\(field.errorList)\n\(field.html)\n\(help)\n\
                    \(hidden)\n</td>\n</tr>
                    """
            })
    }

    /// The errors of the form as a whole: `<ul class="errorlist nonfield">…</ul>`.
    public var errorList: SafeString {
        _ = isValid
        return formErrors.list(id: nil, style: "errorlist nonfield")
    }

    /// Returns the visible fields in rows. The last row contains the hidden fields. Errors that belong to no row come
    /// first.
    ///
    /// - Parameters:
    ///   - top: Returns the markup of these errors, with the hidden fields if there are no rows.
    ///   - orphans: Returns the markup of the hidden fields if there are errors but no rows.
    ///   - row: Returns the row of a field, with the hidden fields in the last one.
    private func rows(
        top: ((_ errors: String, _ hidden: String) -> String)? = nil, orphans: (String) -> String,
        row: (Field, _ hidden: String) -> String
    ) -> SafeString {
        _ = isValid
        let hiddenFields = fields.filter(\.widget.isHidden)
        let visible = fields.filter { !$0.widget.isHidden }
        let hidden = hiddenFields.map(\.html.description).joined()
        let errors =
            formErrors
            + hiddenFields.flatMap { field in
                field.errors.map { ValidationError("(Hidden field \(field.name)) \($0.message)", code: $0.code) }
            }
        let list = errors.list(id: nil, style: "errorlist nonfield").description
        var lines: [String] = []
        if !errors.isEmpty {
            if let top {
                lines.append(top(list, visible.isEmpty ? hidden : ""))
            } else {
                lines.append(list)
                if visible.isEmpty { lines.append(orphans(hidden)) }
            }
        } else if visible.isEmpty {
            lines.append(hidden)
        }
        for (index, field) in visible.enumerated() {
            lines.append(row(field, index == visible.count - 1 ? hidden : ""))
        }
        return SafeString(lines.joined(separator: "\n"))
    }
}

extension Field {
    /// The label element; empty if the label has no text.
    fileprivate var shownLabel: String { label.isEmpty ? "" : labelTag.description }
}

extension Field {
    /// The field's widget, with the submitted or the initial value: `<input type="text" name="name" …>`.
    public var html: SafeString {
        SafeString(
            WidgetMarkup(
                widget: widget, name: htmlName, values: shownValues, attributes: attributes, choices: shownChoices,
                file: fileMarkup
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
        // As in Django, whose template gives the box and the file picker the same attribute.
        if fileMarkup?.isTicked == true { attributes["checked"] = .some(nil) }
        return attributes
    }

    /// Whether to set the `required` attribute. Django's `use_required_attribute`. With several check boxes, a browser
    /// would require each of them. A list without an empty choice always has a selection.
    private var showsRequired: Bool {
        switch widget.kind {
        case .input: !widget.isHidden
        case .boxes(let isMultiple): !isMultiple
        case .select(let isMultiple): isMultiple || shownChoices.first?.value.isEmpty == true
        case .textarea, .checkbox: true
        case .file: fileMarkup?.current == nil
        }
    }
}

extension [ValidationError] {
    /// Returns the errors as an HTML list; empty if there are none.
    package func list(id: String?, style: String = "errorlist") -> SafeString {
        if isEmpty { return SafeString("") }
        let place = id.map { " id=\"\(SafeString(escaping: $0))\"" } ?? ""
        return SafeString(
            "<ul class=\"\(style)\"\(place)>" + map { "<li>\(SafeString(escaping: $0.message))</li>" }.joined()
                + "</ul>")
    }
}
