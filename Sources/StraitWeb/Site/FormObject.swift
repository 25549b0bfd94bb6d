public import StraitForms
public import StraitTemplates
internal import StraitText

extension TemplateValue {
    /// Creates a value from the form's current state: `{{ form }}`, `{{ form.as_p }}`, `{{ form.name }}`, `{{
    /// form.name.errors }}`, `{% for field in form %}`.
    public init(_ form: Form) { self = .object(FormObject(form)) }
}

extension Form: TemplateConvertible {
    /// The form's current state, for templates.
    public var templateValue: TemplateValue { TemplateValue(self) }
}

/// A form as seen by templates.
struct FormObject: TemplateObject {
    private let members: [String: TemplateValue]
    private let fields: [FieldObject]
    private let names: [String]
    private let html: SafeString

    init(_ form: Form) {
        html = form.asDiv
        let fields = form.fields.map { FieldObject($0) }
        self.fields = fields
        names = form.fields.map(\.name)
        members = [
            "as_div": TemplateValue(form.asDiv), "as_p": TemplateValue(form.asP), "as_ul": TemplateValue(form.asUL),
            "as_table": TemplateValue(form.asTable), "non_field_errors": TemplateValue(form.errorList),
            "is_bound": .bool(form.isBound), "is_valid": .bool(form.isValid), "is_multipart": .bool(form.isMultipart),
            "errors": TemplateValue(Self.errors(of: form)),
            "hidden_fields": .list(fields.filter(\.isHidden).map { .object($0) }),
            "visible_fields": .list(fields.filter { !$0.isHidden }.map { .object($0) }),
        ]
    }

    /// Returns all errors, with the names of their fields; empty if there are none.
    private static func errors(of form: Form) -> SafeString {
        let all = form.errors
        let names = form.fields.map(\.name).filter { all[$0] != nil } + (all["__all__"] == nil ? [] : ["__all__"])
        if names.isEmpty { return "" }
        let items = names.map { name in
            let style = name == "__all__" ? "errorlist nonfield" : "errorlist"
            return "<li>\(name)\((all[name] ?? []).list(id: nil, style: style))</li>"
        }
        return SafeString("<ul class=\"errorlist\">\(items.joined())</ul>")
    }

    subscript(member name: String) -> TemplateValue? {
        if let index = names.firstIndex(of: name) { return .object(fields[index]) }
        return members[name]
    }

    var templateText: String { html.text }
    var templateHTML: SafeString? { html }
    var templateElements: [TemplateValue]? { fields.map { .object($0) } }
}

/// A field as seen by templates.
struct FieldObject: TemplateObject {
    private let members: [String: TemplateValue]
    private let html: SafeString
    let isHidden: Bool

    init(_ field: Field) {
        html = field.html
        isHidden = field.widget.isHidden
        members = [
            "errors": TemplateValue(field.errorList), "label": .string(field.label),
            "label_tag": TemplateValue(field.labelTag), "name": .string(field.name),
            "html_name": .string(field.htmlName), "id_for_label": .string(field.id), "auto_id": .string(field.id),
            "help_text": .string(field.help), "is_hidden": .bool(field.widget.isHidden),
            "value": Self.value(of: field), "as_field_group": TemplateValue(field.fieldGroup),
            "as_widget": TemplateValue(field.html),
        ]
    }

    /// Returns the submitted value, or else the initial one. Several values are returned as a list.
    private static func value(of field: Field) -> TemplateValue {
        let values = field.shownValues
        return values.count > 1 ? .list(values.map { .string($0) }) : values.first.map { .string($0) } ?? .none
    }

    subscript(member name: String) -> TemplateValue? { members[name] }
    var templateText: String { html.text }
    var templateHTML: SafeString? { html }
}
