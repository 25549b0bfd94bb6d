internal import StraitCore
public import StraitHTTP
public import StraitJSON

extension Request {
    /// The reader of this request's form, shared by all copies of the request.
    package var formReader: FormReader {
        storage.value { FormReader(body, contentType: headers["content-type"]) }
    }

    /// The limits of the site's settings.
    package var formLimits: FormLimits { services.find((any FormLimitsSource).self)?.formLimits ?? FormLimits() }

    /// Reads the request's form, urlencoded or multipart. Django's `request.POST` and `request.FILES`.
    ///
    /// The form is read once, and further calls return the same form. A request without a body has an empty form. Files
    /// that exceed ``/StraitForms/FormLimits/memory`` are on disk. They are removed with their last reference.
    ///
    /// - Parameter limits: The limits of the form; nil for those of the site's settings.
    /// - Throws: ``/StraitForms/FormError``: 400 if the form is malformed, 413 if it exceeds a limit, 415 for another
    ///   type. The connection's error if the client disconnects.
    public func form(limits: FormLimits? = nil) async throws -> FormData {
        try await formReader.form(limits ?? formLimits)
    }

    /// Returns the parts of the form as they arrive, for files that are passed on instead of stored:
    ///
    /// ```swift
    /// for try await part in request.parts() {
    ///     guard case .file(let file) = part else { continue }
    ///     for try await bytes in file { try await store.write(bytes) }
    /// }
    /// ```
    ///
    /// - Parameter limits: The limits of the form; nil for those of the site's settings.
    public func parts(limits: FormLimits? = nil) -> FormParts {
        FormParts(reader: formReader, limits: limits ?? formLimits)
    }
}

extension Request {
    /// Decodes the body, which is JSON or a form according to its `Content-Type`.
    ///
    /// ```swift
    /// struct Order: Decodable { var item: String; var count: Int }
    /// let order = try await request.decode(Order.self)
    /// ```
    ///
    /// The text of form fields is converted to the type's properties: numbers, and Booleans from `true` or `on`.
    /// Several fields of one name become an array.
    ///
    /// - Parameters:
    ///   - type: The type to decode.
    ///   - limits: The limits of the body; ``StraitHTTP/MultipartLimits/fieldBytes`` is the maximum size of JSON. By
    ///     default a form with files is rejected. To accept files, pass limits or call ``form(limits:)`` first.
    ///   - coder: The JSON coder. It is not used for form fields.
    /// - Throws: ``/StraitForms/FormError``: 415 for another type; 400, with the path of the value, if the body does
    ///   not match `type`; 413 if it exceeds a limit.
    public func decode<Value: Decodable & Sendable>(
        _ type: Value.Type = Value.self, limits: FormLimits? = nil, coder: JSONCoder = JSONCoder()
    ) async throws -> Value {
        let contentType = headers["content-type"]
        switch FormType(contentType) {
        case .urlencoded, .multipart:
            // No value is decoded from a file, so files are rejected unless the caller passes limits.
            var standard = formLimits
            standard.parts.files = 0
            let fields = try await form(limits: limits ?? standard).fields
            return try Self.explained("The form") { try Value(from: FieldsDecoder(fields)) }
        case .json:
            if let charset = FormType.charset(contentType), charset != "utf-8" { throw FormError.charset(charset) }
            let limit = (limits ?? formLimits).parts.fieldBytes
            let bytes: Bytes
            do { bytes = try await body.collect(upTo: limit) } catch is RequestBodyTooLarge {
                throw FormError.tooLarge(limit: limit)
            }
            return try Self.explained("The JSON") { try coder.decode(type, from: bytes) }
        case .none, .other: throw FormError.unsupportedType(contentType)
        }
    }

    /// Runs `work`. Converts a `DecodingError` to a message for the client.
    private static func explained<Value>(_ subject: String, _ work: () throws -> Value) throws(FormError) -> Value {
        do {
            return try work()
        } catch let error as JSONError {
            throw .undecodable(error.description)
        } catch let error as DecodingError {
            throw .undecodable(explanation(of: error, subject))
        } catch {
            throw .undecodable("\(subject) cannot be read: \(error)")
        }
    }

    private static func explanation(of error: DecodingError, _ subject: String) -> String {
        func place(_ path: [any CodingKey], _ last: String? = nil) -> String {
            let names = path.map { $0.intValue.map(String.init) ?? $0.stringValue } + (last.map { [$0] } ?? [])
            return names.isEmpty ? subject : "'" + names.joined(separator: ".") + "'"
        }
        if let json = JSONError(error) { return json.description }
        switch error {
        case .keyNotFound(let key, let context):
            return "\(place(context.codingPath, key.stringValue)) is missing. Send it."
        case .valueNotFound(let type, let context):
            return "\(place(context.codingPath)) has no value. Send one of type \(type)."
        case .typeMismatch(let type, let context): return "\(place(context.codingPath)) is not of type \(type)."
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "\(subject) is malformed: \(context.debugDescription)"
                : "\(place(context.codingPath)) cannot be read: \(context.debugDescription)"
        @unknown default: return "\(subject) cannot be read."
        }
    }
}

/// The fields and files of a form. Django's `request.POST` and `request.FILES`.
public struct FormData: Sendable {
    /// The fields in order. Django's `QueryDict`.
    public let fields: QueryString
    /// The files in order.
    public let files: [UploadedFile]

    /// Creates a form from fields and files, for tests.
    public init(fields: QueryString = QueryString(), files: [UploadedFile] = []) {
        self.fields = fields
        self.files = files
    }

    /// The last value of a field; nil if there is none. Django's `get`.
    public subscript(name: String) -> String? { fields[name] }

    /// Returns the values of a field in order. Django's `getlist`.
    public func values(of name: String) -> [String] { fields.values(of: name) }

    /// Returns the last file of a field; nil if none was chosen.
    public func file(_ name: String) -> UploadedFile? { files.last { $0.name.hasSameBytes(as: name) } }

    /// Returns the files of a field in order. Django's `FILES.getlist`.
    public func files(of name: String) -> [UploadedFile] { files.filter { $0.name.hasSameBytes(as: name) } }
}
