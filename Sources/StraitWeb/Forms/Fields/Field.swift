/// A field of a form: what was sent for it, what is wrong with that, and how it looks; Django's `Field` and
/// `BoundField` in one. Its value is a ``TypedField``'s.
///
/// Fields are the properties of a ``Form``, which names them and has them read.
open class Field {
    /// Whether it has to be filled in.
    public let isRequired: Bool
    /// A text that helps to fill it in.
    public let help: String
    /// How it looks.
    public let widget: Widget
    private let givenLabel: String?
    private let messages: [String: String]
    /// The property's name.
    public internal(set) var name = ""
    var prefix: String?
    /// The form, which checks its fields when one of them is asked for its value or its errors.
    weak var form: Form?
    /// What is wrong with what was sent; empty for a form that was not sent yet.
    public var errors: [ValidationError] {
        form?.check()
        return noted
    }

    /// ``errors`` as far as they were found.
    var noted: [ValidationError] = []
    /// What was sent, nil before.
    var input: FieldInput?

    /// For types of fields; forms are made of those.
    init(_ options: Options, widget: Widget) {
        isRequired = options.isRequired
        givenLabel = options.label
        help = options.help
        messages = options.messages
        self.widget = options.widget ?? widget
    }

    /// What every type of field is told.
    struct Options {
        var isRequired: Bool
        var label: String?
        var help: String
        var widget: Widget?
        var messages: [String: String]
    }

    /// What the field is called in a request: its name, with the form's prefix.
    public var htmlName: String { prefix.map { "\($0)-\(name)" } ?? name }

    /// The id of its element: `id_name`.
    public var id: String { "id_" + htmlName }

    /// What it is called in the page; where none was given, its name: `firstName` and `first_name` are “First name”.
    public var label: String {
        if let givenLabel { return givenLabel }
        var words = ""
        for character in name {
            if character.isUppercase, words.last?.isLowercase == true { words += " " }
            words += character == "_" ? " " : character.lowercased()
        }
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    // MARK: For types of fields

    /// The texts to show: what was sent, or the initial value.
    var shownValues: [String] { [] }
    /// What may be chosen.
    var shownChoices: [Choice] { [] }
    /// The attributes that follow from what is valid, such as `maxlength`.
    var ownAttributes: [(name: String, value: String?)] { [] }

    /// Reads ``input`` and notes what is wrong with it.
    func clean() {}

    /// The value goes: the field turned out to be wrong later.
    func discard() {}

    /// Takes what a form held for the field.
    func bind(_ form: FormData) {
        input = FieldInput(values: form.values(of: htmlName), file: form.file(htmlName))
        noted = []
    }

    /// An error in the words that the form gave for its code.
    func worded(_ error: ValidationError) -> ValidationError {
        messages[error.code].map { ValidationError($0, code: error.code) } ?? error
    }

    /// Django's `required`.
    static var missing: ValidationError { ValidationError("This field is required.", code: "required") }
}
