/// An error in the use of a ``ModelForm``.
public enum ModelFormError: Error, Hashable, CustomStringConvertible {
    /// A form has an entry that is no field of its model, with the model's name.
    case noField(String)
    /// A form has a field that forms cannot have, with the property's name.
    case notEditable(String)
    /// A file was uploaded for a field, with the property's name, but not stored.
    case noStorage(String)

    /// The problem and its solution.
    public var description: String {
        switch self {
        case .noField(let model):
            "The form of \(model) has an entry that is no field of the model. Write its own columns, such as "
                + "`$0.caption`, without calculations and columns of other models."
        case .notEditable(let property):
            "The field `\(property)` cannot be in a form: it is not editable, or bytes. Remove it from the form, and "
                + "pass its value to save."
        case .noStorage(let property):
            "The uploaded file of the field `\(property)` is not stored. Store the file that "
                + "`upload { $0.\(property) }` returns, and pass its name to save: "
                + "`[$0.\(property).set(to: StoredFile(name))]`."
        }
    }
}
