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
            key: link.target.keyKind,
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
