/// What a request held for one field.
public struct FieldInput: Sendable {
    /// The texts that were sent under its name, in order.
    public let values: [String]
    /// The last file that was.
    public let file: UploadedFile?
}
