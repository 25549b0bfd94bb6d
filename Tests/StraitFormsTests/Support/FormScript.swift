import StraitForms
import StraitHTTP

/// A form with one field.
final class OneField: Form {
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

/// Submits `values` for `field` and returns its value and errors.
func send<Value>(_ values: String..., to field: TypedField<Value>) -> (value: Value, errors: [ValidationError]) {
    let form = OneField(field)
    form.bind(FormData(fields: QueryString(values.map { QueryString.Item(name: "field", value: $0) })))
    _ = form.isValid
    return (field.value, field.errors)
}

final class ContactForm: Form {
    let name = CharField(maxLength: 30, help: "As your friends call you.")
    let email = EmailField(required: false)
    let age = IntegerField(min: 18, max: 120, required: false)
    let colour = ChoiceField(choices: [Choice("r", "Red"), Choice("g", "Green & <b>")], widget: .radioButtons)
    let token = CharField(required: false, initial: "t", widget: .hidden)

    override func clean() throws {
        if name.value == email.value, !name.value.isEmpty { throw ValidationError("Name and address are the same.") }
        if name.value == "nobody" { addError("Nobody is taken.", code: "taken", to: name) }
    }
}

extension FormData {
    init(_ pairs: KeyValuePairs<String, String>, files: [UploadedFile] = []) {
        self.init(fields: QueryString(pairs.map { QueryString.Item(name: $0.key, value: $0.value) }), files: files)
    }
}
