import StraitCore
import StraitForms
import StraitModels
import StraitText

/// A choice of one row of a model. Django's `ModelChoiceField`. Its value is the text of the row's ID, and empty if
/// nothing was submitted.
final class RowField: ChoiceField {
    private let key: FieldKind
    private let texts: Set<TextKey>

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - key: The kind of the rows' IDs.
    ///   - choices: The IDs of the rows as text, with their labels.
    ///   - required: This and the following parameters are those of ``/StraitForms/CharField``.
    init(key: FieldKind, choices: [Choice], required: Bool, label: String, help: String, initial: String?) {
        self.key = key
        texts = Set(choices.map { TextKey($0.value) })
        super.init(choices: choices, required: required, label: label, help: help, initial: initial)
    }

    override func read(_ input: FieldInput) throws(ValidationError) -> String? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        try RowText.check(text, key)
        let id = RowText.normal(text, key)
        guard texts.contains(TextKey(id)) else {
            throw ValidationError(
                "Select a valid choice. That choice is not one of the available choices.", code: "invalid_choice")
        }
        return id
    }
}

/// A choice of any number of rows of a model. Django's `ModelMultipleChoiceField`.
final class RowsField: MultipleChoiceField {
    private let key: FieldKind
    private let texts: Set<TextKey>

    /// Creates a field. The parameters are those of ``RowField``.
    init(key: FieldKind, choices: [Choice], required: Bool, label: String, help: String, initial: [String]) {
        self.key = key
        texts = Set(choices.map { TextKey($0.value) })
        super.init(choices: choices, required: required, label: label, help: help, initial: initial)
    }

    /// Checks the form of all IDs first, as Django does.
    override func read(_ input: FieldInput) throws(ValidationError) -> [String]? {
        for text in input.values {
            try RowText.check(text, key)
            if RowText.isInteger(key), !PythonNumber.isInt(text) {
                throw ValidationError("“\(text)” is not a valid value.", code: "invalid_pk_value")
            }
        }
        for text in input.values where !texts.contains(TextKey(text)) {
            throw ValidationError(
                "Select a valid choice. \(text) is not one of the available choices.", code: "invalid_choice")
        }
        return input.values.isEmpty ? nil : input.values
    }
}

/// The text of a row's ID in a form.
enum RowText {
    /// Returns the text, which for a UUID has hyphens, as in PostgreSQL and in Django's forms.
    static func of(_ id: any DatabaseConvertible) -> String {
        ((try? id.databaseValue(for: .postgreSQL)) ?? .null).inputText
    }

    /// Checks what Django checks before it compares a text with the rows.
    static func check(_ text: String, _ key: FieldKind) throws(ValidationError) {
        if text.utf8.contains(0) {
            throw ValidationError("Null characters are not allowed.", code: "null_characters_not_allowed")
        }
        guard key == .uuid, UUIDField.value(of: text) == nil else { return }
        throw ValidationError("“\(text)” is not a valid UUID.", code: "invalid")
    }

    /// Returns the text of the ID that Python reads in a text, such as `7` for ` +07`.
    static func normal(_ text: String, _ key: FieldKind) -> String {
        if key == .uuid { return UUIDField.value(of: text).map(of) ?? text }
        return isInteger(key) ? PythonNumber.int(text).map(String.init) ?? text : text
    }

    /// Whether IDs of this kind are integers.
    static func isInteger(_ key: FieldKind) -> Bool {
        switch key {
        case .smallAuto, .auto, .bigAuto, .smallInteger, .integer, .bigInteger, .positiveSmallInteger, .positiveInteger,
            .positiveBigInteger:
            true
        default: false
        }
    }
}

extension ModelReference {
    /// The kind of the other model's primary key, which may itself be a foreign key.
    var keyKind: FieldKind {
        var key = table?().primaryKey
        var seen: Set<ModelName> = []
        while let reference = key?.reference, seen.insert(reference.model).inserted {
            key = reference.table?().primaryKey
        }
        return key?.kind ?? .bigAuto
    }
}
