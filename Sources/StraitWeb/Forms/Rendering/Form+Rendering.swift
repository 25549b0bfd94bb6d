public import StraitTemplates

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
    /// The label; empty if its text is.
    fileprivate var shownLabel: String { label.isEmpty ? "" : labelTag.description }
}
