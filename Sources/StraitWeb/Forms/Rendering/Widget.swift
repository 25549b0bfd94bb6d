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

    var isHidden: Bool { kind == .input(type: "hidden") }

    /// Whether the widget is several boxes, which are shown in a `<fieldset>` with a `<legend>`.
    var isFieldset: Bool {
        if case .boxes = kind { true } else { false }
    }
}
