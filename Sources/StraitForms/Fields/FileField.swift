/// A file upload. Django's `FileField`. Its value is nil if no file was chosen. The form has to be
/// `multipart/form-data`; see ``Form/isMultipart``.
open class FileField: TypedField<UploadedFile?> {
    private let maxLength: Int?
    private let maxBytes: Int?
    private let allowsEmpty: Bool

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - maxLength: The largest length of the file's name, in Unicode scalars; nil for no limit.
    ///   - maxBytes: The largest size of the file, in bytes; nil for no limit. Django has no such check. A form that
    ///     exceeds ``FormLimits/fileBytes`` is rejected before.
    ///   - allowEmptyFile: Whether a file without contents is valid.
    ///   - required: This and the following parameters are those of ``CharField``.
    public init(
        maxLength: Int? = nil, maxBytes: Int? = nil, allowEmptyFile: Bool = false, required: Bool = true,
        label: String? = nil, help: String = "", widget: Widget = .file, validators: [Validator<UploadedFile>] = [],
        messages: [String: String] = [:]
    ) {
        self.maxLength = maxLength
        self.maxBytes = maxBytes
        allowsEmpty = allowEmptyFile
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages), widget: .file,
            empty: nil, initial: nil, validators: validators.map { $0.orEmpty })
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> UploadedFile?? {
        guard let file = input.file else { return nil }
        let length = file.filename.unicodeScalars.count
        if let maxLength, length > maxLength {
            throw ValidationError(
                """
                Ensure this filename has at most \(maxLength) character\(maxLength == 1 ? "" : "s") (it has \
                \(length)).
                """,
                code: "max_length")
        }
        if !allowsEmpty, file.size == 0 { throw ValidationError("The submitted file is empty.", code: "empty") }
        if let maxBytes, file.size > maxBytes {
            throw ValidationError(
                "Ensure this file has at most \(maxBytes) bytes (it has \(file.size)).", code: "max_bytes")
        }
        return .some(file)
    }

    override open func text(of value: UploadedFile?) -> [String] { [] }
    override open func shown(_ input: FieldInput) -> [String] { [] }
}
