internal import StraitCore

/// A file upload. Django's `FileField`. Its value is nil if no file was chosen. The form has to be
/// `multipart/form-data`; see ``Form/isMultipart``.
///
/// With a ``current`` file, the page shows its name, and a box that removes it unless the field is required; Django's
/// `ClearableFileInput`. The user may then choose no file, which keeps the current one.
open class FileField: TypedField<UploadedFile?> {
    /// The file that the upload replaces; nil if there is none.
    public let current: CurrentFile?
    /// Whether the user has ticked the box that removes the current file.
    public var isCleared: Bool {
        form?.check()
        return cleared
    }

    private var cleared = false
    /// The submitted value of the box that removes the file; nil if it was not submitted.
    private var box: String?
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
    ///   - current: The file that the upload replaces; nil if there is none.
    ///   - required: This and the following parameters are those of ``CharField``.
    public init(
        maxLength: Int? = nil, maxBytes: Int? = nil, allowEmptyFile: Bool = false, current: CurrentFile? = nil,
        required: Bool = true, label: String? = nil, help: String = "", widget: Widget = .file,
        validators: [Validator<UploadedFile>] = [],
        messages: [String: String] = [:]
    ) {
        self.maxLength = maxLength
        self.maxBytes = maxBytes
        self.current = current
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

    override func bind(_ form: FormData) {
        super.bind(form)
        box = form[boxName]
    }

    override func clean() {
        cleared = false
        guard let input else { return super.clean() }
        let isTicked = box.map { !$0.isEmpty && !$0.lowercased().hasSameBytes(as: "false") } ?? false
        if isTicked, !isRequired {
            noted = input.file == nil ? [] : [customized(Self.contradiction)]
            discard()
            cleared = noted.isEmpty
        } else if input.file == nil, current != nil {
            noted = []
            discard()
        } else {
            super.clean()
        }
    }

    /// The name of the box that removes the file.
    private var boxName: String { htmlName + "-clear" }

    private static var contradiction: ValidationError {
        ValidationError(
            "Please either submit a file or check the clear checkbox, not both.", code: "contradiction")
    }

    override var fileMarkup: FileMarkup {
        FileMarkup(current: current, box: isRequired ? nil : boxName, isTicked: box != nil)
    }

    override open func text(of value: UploadedFile?) -> [String] { [] }
    override open func shown(_ input: FieldInput) -> [String] { [] }
}

/// A stored file that a ``FileField`` replaces. The page shows its name with a link.
public struct CurrentFile: Sendable, Hashable {
    /// The file's name.
    public let name: String
    /// The file's URL, percent-encoded.
    public let url: String

    /// Creates a description of a stored file.
    public init(name: String, url: String) {
        self.name = name
        self.url = url
    }
}
