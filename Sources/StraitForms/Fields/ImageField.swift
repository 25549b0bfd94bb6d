internal import StraitCore

/// An upload of an image. Django's `ImageField`.
///
/// The name has one of ``extensions``, and the contents begin like an image of one of these formats: PNG, JPEG, GIF,
/// WebP, AVIF, BMP, TIFF or ICO. Django decodes the image with Pillow, so it also finds an image that is damaged
/// further on. SVG is not accepted, because it can contain scripts.
open class ImageField: FileField {
    /// The endings of names that are accepted, in lower case. Django accepts those that Pillow knows.
    public static let extensions = [
        "avif", "bmp", "gif", "ico", "jfif", "jpe", "jpeg", "jpg", "png", "tif", "tiff", "webp",
    ]

    /// Creates a field. The parameters are those of ``FileField``.
    public init(
        maxLength: Int? = nil, maxBytes: Int? = nil, current: CurrentFile? = nil, required: Bool = true,
        label: String? = nil, help: String = "", widget: Widget = .file, validators: [Validator<UploadedFile>] = [],
        messages: [String: String] = [:]
    ) {
        super.init(
            maxLength: maxLength, maxBytes: maxBytes, current: current, required: required, label: label, help: help,
            widget: widget, validators: [Self.hasExtension] + validators, messages: messages)
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> UploadedFile?? {
        guard let file = try super.read(input) ?? nil else { return nil }
        let start: Bytes
        do { start = try file.start(32) } catch {
            throw ValidationError("The uploaded file could not be read. Please upload it again.", code: "unreadable")
        }
        guard Self.isImage(Array(start)) else {
            throw ValidationError(
                "Upload a valid image. The file you uploaded was either not an image or a corrupted image.",
                code: "invalid_image")
        }
        return .some(file)
    }

    override var ownAttributes: [(name: String, value: String?)] { [("accept", "image/*")] }

    /// Django's `validate_image_file_extension`.
    private static var hasExtension: Validator<UploadedFile> {
        Validator { file throws(ValidationError) in
            let parts = file.filename.split(separator: ".", omittingEmptySubsequences: false)
            let ending = parts.count > 1 && parts[0] != "" ? (parts.last ?? "").lowercased() : ""
            guard !extensions.contains(where: { $0.hasSameBytes(as: ending) }) else { return }
            throw ValidationError(
                "File extension “\(ending)” is not allowed. Allowed extensions are: "
                    + "\(extensions.joined(separator: ", ")).", code: "invalid_extension")
        }
    }

    /// Whether a file with these first bytes is an image.
    private static func isImage(_ bytes: [UInt8]) -> Bool {
        func has(_ text: String, at place: Int) -> Bool { bytes.dropFirst(place).starts(with: text.utf8) }
        let marks: [[UInt8]] = [
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0xFF, 0xD8, 0xFF], [0x49, 0x49, 0x2A, 0],
            [0x4D, 0x4D, 0, 0x2A], [0, 0, 1, 0],
        ]
        return marks.contains { bytes.starts(with: $0) } || has("GIF87a", at: 0) || has("GIF89a", at: 0)
            || has("BM", at: 0) || has("RIFF", at: 0) && has("WEBP", at: 8)
            || has("ftypavif", at: 4) || has("ftypavis", at: 4)
    }
}
