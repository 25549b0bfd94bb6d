internal import StraitCore
internal import StraitText

/// A field's control in a page. Django's widgets.
///
/// ```swift
/// CharField(widget: .textarea(rows: 4).attributes(["placeholder": "What happened?"]))
/// ```
public struct Widget: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case input(type: String)
        case textarea
        case checkbox
        case select(isMultiple: Bool)
        /// Radio buttons, or check boxes if several choices may be selected.
        case boxes(isMultiple: Bool)
        case file
    }

    let kind: Kind
    private(set) var own: [Attribute] = []
    /// Whether the submitted value is shown again; false for passwords.
    private(set) var showsValue = true

    /// An attribute that the program sets.
    struct Attribute: Sendable, Hashable {
        let name: String
        let value: String
    }

    private init(_ kind: Kind) {
        self.kind = kind
    }

    /// A line of text.
    public static let text = Widget(.input(type: "text"))
    /// A line whose text is hidden. The submitted value is not sent back to the page.
    public static var password: Widget {
        var widget = Widget(.input(type: "password"))
        widget.showsValue = false
        return widget
    }
    /// A line for an email address, which the browser checks.
    public static let email = Widget(.input(type: "email"))
    /// A line for a URL, which the browser checks.
    public static let url = Widget(.input(type: "url"))
    /// A line for a number, which the browser checks.
    public static let number = Widget(.input(type: "number"))
    /// A line for a search text.
    public static let search = Widget(.input(type: "search"))
    /// A line for a telephone number.
    public static let telephone = Widget(.input(type: "tel"))
    /// The browser's color picker.
    public static let color = Widget(.input(type: "color"))
    /// The browser's date picker. Django's `DateInput` is a line of text.
    public static let date = Widget(.input(type: "date"))
    /// The browser's time picker.
    public static let time = Widget(.input(type: "time"))
    /// The browser's picker of dates with times.
    public static let dateTime = Widget(.input(type: "datetime-local"))
    /// An invisible field, which is submitted with the form.
    public static let hidden = Widget(.input(type: "hidden"))
    /// A single check box, for a Boolean.
    public static let checkbox = Widget(.checkbox)
    /// A list with one selected choice.
    public static let select = Widget(.select(isMultiple: false))
    /// A list with any number of selected choices.
    public static let selectMultiple = Widget(.select(isMultiple: true))
    /// A radio button for each choice.
    public static let radioButtons = Widget(.boxes(isMultiple: false))
    /// A check box for each choice.
    public static let checkboxes = Widget(.boxes(isMultiple: true))
    /// A file picker.
    public static let file = Widget(.file)

    /// Returns a text area with several lines.
    public static func textarea(columns: Int = 40, rows: Int = 10) -> Widget {
        Widget(.textarea).attributes(["cols": "\(columns)", "rows": "\(rows)"])
    }

    /// Returns this widget with attributes, whose values are escaped: `["placeholder": "…", "autocomplete": "off"]`.
    ///
    /// - Precondition: The names consist of letters, digits, `-`, `_`, `:` and `.`.
    public func attributes(_ attributes: KeyValuePairs<String, String>) -> Widget {
        var widget = self
        for (name, value) in attributes {
            let isName =
                !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_:.".contains($0)) }
            precondition(isName, "\(name.debugDescription) is not an attribute name.")
            widget.own.removeAll { $0.name == name }
            widget.own.append(Attribute(name: name, value: value))
        }
        return widget
    }

    package var isHidden: Bool { kind == .input(type: "hidden") }

    /// Whether the widget is several boxes, which are shown in a `<fieldset>` with a `<legend>`.
    var isFieldset: Bool {
        if case .boxes = kind { true } else { false }
    }
}

/// The markup of one field's widget, as Django's templates write it.
struct WidgetMarkup {
    let widget: Widget
    let name: String
    let values: [String]
    let attributes: Attributes
    let choices: [Choice]
    let file: FileMarkup?

    var markup: String {
        switch widget.kind {
        case .input(let type):
            let value = values.last.flatMap { $0.isEmpty || !widget.showsValue ? nil : $0 }
            return input(type, value: value, attributes)
        case .file: return (file?.markup ?? "") + input("file", value: nil, attributes)
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

/// The markup of the file that an upload replaces, as Django's `ClearableFileInput` writes it.
struct FileMarkup {
    /// The file; nil if there is none.
    let current: CurrentFile?
    /// The name of the box that removes the file; nil for a required field, which has none.
    let box: String?
    /// Whether the box was submitted.
    let isTicked: Bool

    var markup: String {
        guard let current else { return "" }
        let link = "<a href=\"\(SafeString(escaping: current.url))\">\(SafeString(escaping: current.name))</a>"
        let clear = box.map { name in
            let name = SafeString(escaping: name)
            return """
                \n<input type="checkbox" name="\(name)" id="\(name)_id"\(isTicked ? " checked" : "")>
                <label for="\(name)_id">Clear</label>
                """
        }
        return "Currently: \(link)\(clear ?? "")<br>\nChange:\n"
    }
}

/// The attributes of an element, in order.
struct Attributes {
    private var pairs: [(name: String, value: String?)] = []

    init(_ pairs: [(name: String, value: String?)] = []) {
        for pair in pairs { self[pair.name] = .some(pair.value) }
    }

    /// The value of an attribute: `.some(nil)` for one without a value, such as `required`. Setting a value keeps the
    /// attribute's position.
    subscript(name: String) -> String?? {
        get { pairs.first { $0.name == name }.map { .some($0.value) } ?? .none }
        set {
            let index = pairs.firstIndex { $0.name == name }
            switch (newValue, index) {
            case (.some(let value), .some(let index)): pairs[index].value = value
            case (.some(let value), .none): pairs.append((name, value))
            case (.none, .some(let index)): pairs.remove(at: index)
            case (.none, .none): break
            }
        }
    }

    /// The escaped attributes, each after a space: ` maxlength="30" required`.
    var markup: String {
        pairs.map { pair in
            " \(pair.name)" + (pair.value.map { "=\"\(SafeString(escaping: $0))\"" } ?? "")
        }.joined()
    }
}
