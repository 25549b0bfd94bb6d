/// How a field looks in a page; Django's widgets.
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
        /// Radio buttons, or check boxes where several may be chosen.
        case boxes(isMultiple: Bool)
        case file
    }

    let kind: Kind
    private(set) var own: [Attribute] = []
    /// Whether what was sent is shown again; never for passwords.
    private(set) var showsValue = true

    /// An attribute as the program wrote it.
    struct Attribute: Sendable, Hashable {
        let name: String
        let value: String
    }

    private init(_ kind: Kind) {
        self.kind = kind
    }

    /// A line of text.
    public static let text = Widget(.input(type: "text"))
    /// A line that is not shown, and not sent back to the page.
    public static var password: Widget {
        var widget = Widget(.input(type: "password"))
        widget.showsValue = false
        return widget
    }
    public static let email = Widget(.input(type: "email"))
    public static let url = Widget(.input(type: "url"))
    public static let number = Widget(.input(type: "number"))
    public static let search = Widget(.input(type: "search"))
    public static let telephone = Widget(.input(type: "tel"))
    public static let color = Widget(.input(type: "color"))
    /// The browser's own picker of days, where Django's `DateInput` is a line of text.
    public static let date = Widget(.input(type: "date"))
    /// The browser's own picker of times.
    public static let time = Widget(.input(type: "time"))
    /// The browser's own picker of days and times.
    public static let dateTime = Widget(.input(type: "datetime-local"))
    /// A field that is sent and not seen.
    public static let hidden = Widget(.input(type: "hidden"))
    public static let checkbox = Widget(.checkbox)
    /// A list that one is chosen from.
    public static let select = Widget(.select(isMultiple: false))
    /// A list that several are chosen from.
    public static let selectMultiple = Widget(.select(isMultiple: true))
    /// A radio button for each choice.
    public static let radioButtons = Widget(.boxes(isMultiple: false))
    /// A check box for each choice.
    public static let checkboxes = Widget(.boxes(isMultiple: true))
    /// A file to choose.
    public static let file = Widget(.file)

    /// Several lines of text.
    public static func textarea(columns: Int = 40, rows: Int = 10) -> Widget {
        Widget(.textarea).attributes(["cols": "\(columns)", "rows": "\(rows)"])
    }

    /// This widget with attributes, which are escaped: `["placeholder": "…", "autocomplete": "off"]`.
    ///
    /// - Precondition: The names are letters, digits, `-`, `_`, `:` and `.`.
    public func attributes(_ attributes: KeyValuePairs<String, String>) -> Widget {
        var widget = self
        for (name, value) in attributes {
            let isName =
                !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_:.".contains($0)) }
            precondition(isName, "\(name.debugDescription) is no attribute's name.")
            widget.own.removeAll { $0.name == name }
            widget.own.append(Attribute(name: name, value: value))
        }
        return widget
    }

    var isHidden: Bool { kind == .input(type: "hidden") }

    /// Whether it is several boxes, which stand in a `<fieldset>` with a `<legend>`.
    var isFieldset: Bool {
        if case .boxes = kind { true } else { false }
    }
}
