/// The input of one field in a request.
public struct FieldInput: Sendable {
    /// The texts submitted under the field's name, in order.
    public let values: [String]
    /// The last file submitted under the field's name.
    public let file: UploadedFile?
}
