import Foundation
import StraitForms
import StraitWeb

/// The `ContactForm` of `forms.py`.
final class PeerContactForm: Form {
    let name = CharField(minLength: 2, maxLength: 30, help: "As your friends call you.")
    let email = EmailField(required: false, label: "Your address?")
    let age = IntegerField(min: 18, max: 120, required: false)
    let price = DecimalField(maxDigits: 5, decimalPlaces: 2, required: false)
    let weight = FloatField(required: false)
    let message = CharField(initial: "Dear <you>,", widget: .textarea())
    let agree = BooleanField()
    let colour = ChoiceField(
        choices: [Choice("r", "Red"), Choice("g", "Green & <b>")], help: "One.", widget: .radioButtons)
    let size = ChoiceField(choices: [Choice("", "---------"), Choice("s", "Small"), Choice("l", "Large")])
    let tags = MultipleChoiceField(choices: [Choice("a", "A"), Choice("b", "B")], required: false)
    let extras = MultipleChoiceField(
        choices: [Choice("a", "A"), Choice("b", "B")], required: false, widget: .checkboxes)
    let site = URLField(required: false)
    let day = DateField(required: false)
    let secret = CharField(required: false, widget: .password)
    let file = FileField(required: false)
    let token = CharField(maxLength: 3, initial: "t", widget: .hidden)

    override func clean() throws {
        if name.value == "everybody" { throw ValidationError("Not everybody <at once>.") }
    }
}

/// The `HiddenForm` of `forms.py`.
final class PeerHiddenForm: Form {
    let token = CharField(widget: .hidden)
}

/// The description of a field in a corpus.
struct PeerField: Decodable {
    struct Options: Decodable {
        var required: Bool?
        var maxLength: Int?
        var minLength: Int?
        var strip: Bool?
        var minValue: Int?
        var maxValue: Int?
        var maxDigits: Int?
        var decimalPlaces: Int?
        var choices: [String]?
        var regex: String?
    }

    let field: String
    let options: Options
    let values: [[String]]

    /// Creates a field, and a closure that returns its value in Python's notation.
    func make() throws -> (field: Field, text: () -> String) {
        let required = options.required ?? true
        func made<Value>(_ field: TypedField<Value>, _ text: @escaping (Value) -> String) -> (Field, () -> String) {
            (field, { text(field.value) })
        }
        let choices = (options.choices ?? []).map { Choice($0) }
        switch field {
        case "CharField":
            return made(
                CharField(
                    minLength: options.minLength, maxLength: options.maxLength, strip: options.strip ?? true,
                    required: required)
            ) { $0 }
        case "EmailField": return made(EmailField(required: required)) { $0 }
        case "URLField": return made(URLField(required: required)) { $0 }
        case "SlugField": return made(SlugField(required: required)) { $0 }
        case "RegexField":
            return made(
                RegexField(
                    try Regex(options.regex ?? ""), minLength: options.minLength, maxLength: options.maxLength,
                    required: required)
            ) { $0 }
        case "IntegerField":
            return made(IntegerField(min: options.minValue, max: options.maxValue, required: required)) {
                $0.map(String.init) ?? ""
            }
        case "FloatField":
            return made(
                FloatField(
                    min: options.minValue.map(Double.init), max: options.maxValue.map(Double.init),
                    required: required)
            ) { $0.map { "\($0)" } ?? "" }
        case "DecimalField":
            return made(
                DecimalField(
                    min: options.minValue.map { Decimal($0) }, max: options.maxValue.map { Decimal($0) },
                    maxDigits: options.maxDigits, decimalPlaces: options.decimalPlaces, required: required)
            ) { $0.map { "\($0)" } ?? "" }
        case "BooleanField": return made(BooleanField(required: required)) { $0 ? "True" : "False" }
        case "ChoiceField": return made(ChoiceField(choices: choices, required: required)) { $0 }
        case "MultipleChoiceField":
            return made(MultipleChoiceField(choices: choices, required: required)) { $0.joined(separator: ",") }
        case "UUIDField":
            return made(UUIDField(required: required)) { $0.map { $0.uuidString.lowercased() } ?? "" }
        case "DateField": return made(DateField(required: required)) { $0.map { "\($0)" } ?? "" }
        case "TimeField": return made(TimeField(required: required)) { $0.map { "\($0)" } ?? "" }
        case "DateTimeField": return made(DateTimeField(required: required)) { $0.map { "\($0)" } ?? "" }
        default: throw PeerError("The corpus names an unknown field type: \(field).")
        }
    }
}

/// A form with a single field.
final class PeerOneForm: Form {
    let field: Field

    init(_ field: Field) {
        self.field = field
        super.init()
    }

    required init(prefix: String?) {
        field = CharField()
        super.init(prefix: prefix)
    }
}
