/// A field of a form, with its input, its errors and its markup. Django's `Field` and `BoundField` in one. A
/// ``TypedField`` adds the value.
///
/// Fields are the properties of a ``Form``, which gives them their names and their input.
open class Field {
    /// Whether the field must be filled in.
    public let isRequired: Bool
    /// Text that helps the user fill in the field.
    public let help: String
    /// The field's control in the page.
    public let widget: Widget
    private let givenLabel: String?
    private let messages: [String: String]
    /// The property's name.
    public internal(set) var name = ""
    var prefix: String?
    /// The form, which checks its fields when a value or an error is read.
    weak var form: Form?
    /// The errors of the submitted value; empty if the form was not submitted.
    public var errors: [ValidationError] {
        form?.check()
        return noted
    }

    /// The errors found so far.
    var noted: [ValidationError] = []
    /// The submitted input; nil before that.
    var input: FieldInput?

    /// Whether the request has neither a value nor a file for the field. Django's `value_omitted_from_data`.
    package var isOmitted: Bool { input.map { $0.values.isEmpty && $0.file == nil } ?? true }

    /// Creates the part that all types of fields share.
    init(_ options: Options, widget: Widget) {
        isRequired = options.isRequired
        givenLabel = options.label
        help = options.help
        messages = options.messages
        self.widget = options.widget ?? widget
    }

    /// The options that all types of fields share.
    struct Options {
        var isRequired: Bool
        var label: String?
        var help: String
        var widget: Widget?
        var messages: [String: String]
    }

    /// The field's name in a request: its name, after the form's prefix.
    public var htmlName: String { prefix.map { "\($0)-\(name)" } ?? name }

    /// The `id` of the field's element: `id_name`.
    public var id: String { "id_" + htmlName }

    /// The field's label in the page. By default it is made from the name: `firstName` and `first_name` become “First
    /// name”.
    public var label: String {
        if let givenLabel { return givenLabel }
        var words = ""
        for character in name {
            if character.isUppercase, words.last?.isLowercase == true { words += " " }
            words += character == "_" ? " " : character.lowercased()
        }
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    // MARK: For subclasses

    /// The strings to show: the submitted ones, or else the initial value.
    package var shownValues: [String] { [] }
    /// The choices to show.
    var shownChoices: [Choice] { [] }
    /// The attributes that follow from the validation, such as `maxlength`.
    var ownAttributes: [(name: String, value: String?)] { [] }

    /// The stored file to show; nil for a field that is no file field.
    var fileMarkup: FileMarkup? { nil }

    /// Reads ``input`` and records its errors.
    func clean() {}

    /// Clears the value, because a later check found an error.
    func discard() {}

    /// Takes the field's input from a form.
    func bind(_ form: FormData) {
        input = FieldInput(values: form.values(of: htmlName), file: form.file(htmlName))
        noted = []
    }

    /// Returns the error, with the form's custom message for its code if there is one.
    func customized(_ error: ValidationError) -> ValidationError {
        messages[error.code].map { ValidationError($0, code: error.code) } ?? error
    }

    /// Django's error `required`.
    static var missing: ValidationError { ValidationError("This field is required.", code: "required") }
}

/// A field whose values have an order, with an optional smallest and largest value: numbers, dates and times. Its value
/// is nil if nothing was submitted.
open class BoundedField<Value: Comparable & Sendable>: TypedField<Value?> {
    private let min: Value?
    private let max: Value?

    /// The widget for a field without a given one.
    class var standardWidget: Widget { .text }

    /// Returns a value's text for messages and attributes.
    class func shown(_ value: Value) -> String { "\(value)" }

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - min: The smallest valid value; nil for no limit.
    ///   - max: The largest valid value; nil for no limit.
    ///   - required: This and the following parameters are those of ``CharField``.
    public init(
        min: Value? = nil, max: Value? = nil, required: Bool = true, label: String? = nil, help: String = "",
        initial: Value? = nil, widget: Widget? = nil, validators: [Validator<Value>] = [],
        messages: [String: String] = [:]
    ) {
        self.min = min
        self.max = max
        let all =
            validators + (max.map { [.maximum($0, Self.shown($0))] } ?? [])
            + (min.map { [.minimum($0, Self.shown($0))] } ?? [])
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages),
            widget: Self.standardWidget, empty: nil, initial: initial, validators: all.map { $0.orEmpty })
    }

    override open func text(of value: Value?) -> [String] { value.map { [Self.shown($0)] } ?? [] }

    override var ownAttributes: [(name: String, value: String?)] {
        guard widget.kind == .input(type: "number") else { return [] }
        return (min.map { [("min", Self.shown($0))] } ?? []) + (max.map { [("max", Self.shown($0))] } ?? [])
    }
}

/// The input of one field in a request.
public struct FieldInput: Sendable {
    /// The strings submitted under the field's name, in order.
    public let values: [String]
    /// The last file submitted under the field's name.
    public let file: UploadedFile?
}
