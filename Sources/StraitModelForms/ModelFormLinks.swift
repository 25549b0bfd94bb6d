import StraitForms
import StraitModels
import StraitText

/// A many-to-many field of a model in a form.
struct ModelFormLinks {
    /// The model's field, with its table and columns.
    let link: ModelLink
    /// The form's field.
    let input: RowsField
    private let ids: [TextKey: any DatabaseConvertible]

    /// Creates the input for a field.
    ///
    /// - Parameters:
    ///   - link: The model's field.
    ///   - rows: The rows that can be chosen.
    ///   - chosen: The IDs of the rows that are linked before.
    init(_ link: ModelLink, rows: [RowChoice], chosen: [any DatabaseConvertible]) {
        self.link = link
        let choices = rows.map { (text: RowText.of($0.id), row: $0) }
        ids = Dictionary(choices.map { (TextKey($0.text), $0.row.id) }, uniquingKeysWith: { first, _ in first })
        input = RowsField(
            key: link.target.table?().primaryKey.kind ?? .bigAuto,
            choices: choices.map { Choice($0.text, $0.row.label) },
            required: !link.isBlank, label: link.verboseName.capitalizedFirst, help: link.helpText,
            initial: chosen.map(RowText.of))
    }

    /// Makes the chosen rows the linked ones of a row.
    func save(of row: any DatabaseConvertible, in database: Database) async throws {
        let chosen = input.value.compactMap { ids[TextKey($0)] }
        try await link.target.links?(link, row).set(rows: chosen, in: database)
    }
}

/// A choice of any number of rows of a model. Django's `ModelMultipleChoiceField`.
final class RowsField: MultipleChoiceField {
    private let key: FieldKind
    private let texts: Set<TextKey>

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - key: The kind of the rows' IDs.
    ///   - choices: The IDs of the rows as text, with their labels.
    ///   - required: This and the following parameters are those of ``/StraitForms/CharField``.
    init(key: FieldKind, choices: [Choice], required: Bool, label: String, help: String, initial: [String]) {
        self.key = key
        texts = Set(choices.map { TextKey($0.value) })
        super.init(choices: choices, required: required, label: label, help: help, initial: initial)
    }

    /// Checks the form of all IDs first, as Django does.
    override func read(_ input: FieldInput) throws(ValidationError) -> [String]? {
        for text in input.values { try check(text) }
        for text in input.values where !texts.contains(TextKey(text)) {
            throw ValidationError(
                "Select a valid choice. \(text) is not one of the available choices.", code: "invalid_choice")
        }
        return input.values.isEmpty ? nil : input.values
    }

    private func check(_ text: String) throws(ValidationError) {
        if text.utf8.contains(0) {
            throw ValidationError("Null characters are not allowed.", code: "null_characters_not_allowed")
        }
        if texts.contains(TextKey(text)) { return }
        switch key {
        case .uuid where UUIDField.value(of: text) == nil:
            throw ValidationError("“\(text)” is not a valid UUID.", code: "invalid")
        case .smallAuto, .auto, .bigAuto, .smallInteger, .integer, .bigInteger, .positiveSmallInteger, .positiveInteger,
            .positiveBigInteger:
            if PythonNumber.isInt(text) { return }
            throw ValidationError("“\(text)” is not a valid value.", code: "invalid_pk_value")
        default: return
        }
    }
}

/// The text of a row's ID in a form.
enum RowText {
    /// Returns the text, which for a UUID has hyphens, as in PostgreSQL and in Django's forms.
    static func of(_ id: any DatabaseConvertible) -> String {
        ((try? id.databaseValue(for: .postgreSQL)) ?? .null).inputText
    }
}
