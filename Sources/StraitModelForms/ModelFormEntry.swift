internal import FoundationEssentials
import StraitCore
import StraitForms
import StraitHTTP
import StraitModels
import StraitText

/// A field of a model in a form: the input, and the value that is stored for it.
struct ModelFormEntry {
    /// The model's field.
    let field: ModelField
    /// The form's field.
    let input: Field
    private let isNew: Bool
    private let read: () -> any DatabaseConvertible

    /// The value of the row to change, or the default value of a new one; nil without one.
    private let kept: (any DatabaseConvertible)?

    /// The value that a save stores without values of the application; nil for an upload, whose name the application
    /// chooses.
    var storedValue: (any DatabaseConvertible)? {
        if upload != nil { return nil }
        return isKept ? kept ?? read() : read()
    }

    /// The value that a save writes; nil if it keeps the stored value of the column.
    var changedValue: (any DatabaseConvertible)? {
        guard isKept else { return read() }
        return isNew ? kept : nil
    }

    /// The submitted file; nil for other fields, and if none was chosen.
    var upload: UploadedFile? { (input as? FileField)?.value }

    /// Whether a save keeps the stored or default value of the column: no file was chosen, or, as in Django, a field
    /// with a default is not in the request at all.
    private var isKept: Bool {
        if let file = input as? FileField { return file.value == nil && !file.isCleared }
        return field.defaultValue != nil && input.isOmitted && !(input is BooleanField)
    }

    /// Whether forms have an input for the field.
    static func has(_ field: ModelField) -> Bool {
        switch field.kind {
        case .binary, .auto, .bigAuto, .smallAuto: false
        default: field.isEditable
        }
    }

    /// Creates the input for a field.
    ///
    /// - Parameters:
    ///   - field: The model's field.
    ///   - current: The value of the row to change; nil for a new row.
    ///   - rows: The rows that a foreign key can refer to; nil for other fields.
    ///   - mediaURL: The prefix of the URLs of stored files.
    init(
        _ field: ModelField, current: (any DatabaseConvertible)?, rows: [RowChoice]?, mediaURL: String
    ) throws(DatabaseError) {
        self.field = field
        isNew = current == nil
        // Read once: the next default may be another, such as a random one.
        kept = current ?? field.defaultValue?.value()
        let initial = try current?.databaseValue(for: .sqlite) ?? field.initialValue
        let maker = InputMaker(field: field, initial: initial == .null ? nil : initial, isStored: current != nil)
        if let rows {
            let chosen = kept
            // Without an instance, Django leaves out the empty choice only if the field has a default.
            (input, read) = maker.row(
                rows, initial: chosen.map(RowText.of), hasEmpty: field.isBlank || field.initialValue == nil)
        } else if !field.choices.isEmpty {
            (input, read) = maker.choice(hasEmpty: field.isBlank || field.defaultValue == nil)
        } else if field.kind.isFile {
            (input, read) = maker.file(mediaURL)
        } else {
            (input, read) = maker.input()
        }
    }
}

extension FieldKind {
    /// Whether the column has the name of a file.
    fileprivate var isFile: Bool {
        switch self {
        case .file, .image: true
        default: false
        }
    }
}

extension DatabaseValue {
    /// The value as the text of a form's input.
    var inputText: String {
        switch self {
        case .null, .bytes: ""
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        case .text(let text): text
        }
    }
}
