internal import StraitCore
internal import StraitHTTP

/// The state of reading a request's form, and the fields and files found so far. A ``FormReader`` ensures that one task
/// at a time uses it.
///
/// It runs on the caller's event loop, but blocking disk access does not.
final class FormReadingState {
    private enum Progress {
        case unread
        /// Partly read: up to a file, or up to a field that was looked up.
        case begun
        case complete
        case partsRequested
        case failed(any Error)
    }

    private let body: RequestBody
    private let contentType: String?
    private var progress = Progress.unread
    private var multipart: MultipartReader?
    private var fields: [QueryString.Item] = []
    private var files: [UploadedFile] = []
    /// A file whose headers were read, but none of its contents.
    private var waiting: MultipartPart?
    /// A urlencoded body as received, for code that needs the bytes.
    private(set) var bytes: Bytes?
    private var fileBytes = 0
    private var memoryBytes = 0
    private var limits = FormLimits()
    /// The number of parts from ``fields`` and ``files`` that were returned as parts.
    private var partsRequested = 0
    private var number = 0
    private var isInFile = false

    init(_ body: RequestBody, contentType: String?) {
        self.body = body
        self.contentType = contentType
    }

    // MARK: The whole form

    /// Returns the whole form.
    func form(_ limits: FormLimits) async throws -> FormData {
        if case .partsRequested = progress { throw FormError.partsRequested }
        try await step {
            try await begin(limits)
            while try await gather(stoppingAtFile: false) {}
            progress = .complete
        }
        return FormData(fields: QueryString(fields), files: files)
    }

    /// Returns the value of the first field `name`. In a multipart form, only fields before the first file are found,
    /// and no byte of a file is read.
    func field(_ name: String, _ limits: FormLimits) async throws -> String? {
        try await step {
            try await begin(limits)
            while !fields.contains(where: { $0.name.hasSameBytes(as: name) }), try await gather(stoppingAtFile: true) {}
        }
        // In a form that is complete already, the last value counts, as in Django.
        if multipart == nil { return fields.last { $0.name.hasSameBytes(as: name) }?.value }
        return fields.first { $0.name.hasSameBytes(as: name) }?.value
    }

    // MARK: Part by part

    /// Returns the next part: first those read already, then those that arrive.
    func nextPart(_ limits: FormLimits, _ reader: FormReader) async throws -> FormPart? {
        try await step {
            try await begin(limits)
            if case .complete = progress {} else { progress = .partsRequested }
            return try await take(reader)
        }
    }

    private func take(_ reader: FormReader) async throws -> FormPart? {
        number += 1
        if partsRequested < fields.count {
            partsRequested += 1
            return .field(name: fields[partsRequested - 1].name, value: fields[partsRequested - 1].value)
        }
        if case .complete = progress {
            let index = partsRequested - fields.count
            guard index < files.count else { return nil }
            partsRequested += 1
            let file = files[index]
            return .file(
                StreamedFile(
                    name: file.name, filename: file.filename, contentType: file.contentType, origin: .uploaded(file)))
        }
        while isInFile { _ = try await fileBytes() }
        if waiting == nil, try await gather(stoppingAtFile: true) { return try await take(reader) }
        guard let file = waiting else { return nil }
        waiting = nil
        isInFile = true
        return .file(
            StreamedFile(
                name: file.name, filename: file.filename ?? "", contentType: file.contentType,
                origin: .reader(reader, number: number)))
    }

    /// Returns the next bytes of the file that is part `number`.
    func nextBytes(of number: Int, _ name: String) async throws -> Bytes? {
        guard number == self.number else { throw FormError.passed(name) }
        return try await step { isInFile ? try await fileBytes() : nil }
    }

    // MARK: Reading

    /// Runs `work`. After an error, all further calls throw that error.
    private func step<Result>(_ work: () async throws -> Result) async throws -> Result {
        if case .failed(let error) = progress { throw error }
        do {
            return try await work()
        } catch {
            progress = .failed(error)
            // Temporary files are removed with their last reference.
            files = []
            fields = []
            multipart = nil
            throw error
        }
    }

    private func begin(_ limits: FormLimits) async throws {
        self.limits = limits
        multipart?.limits = limits.parts
        guard case .unread = progress else { return }
        progress = .begun
        switch FormType(contentType) {
        case .urlencoded:
            if let charset = FormType.charset(contentType), charset != "utf-8" { throw FormError.charset(charset) }
            let limit = limits.parts.fieldBytes
            let bytes: Bytes
            do { bytes = try await body.collect(upTo: limit) } catch is RequestBodyTooLarge {
                throw FormError.tooLarge(limit: limit)
            }
            self.bytes = bytes
            do throws(MultipartError) {
                fields = try QueryString(form: bytes, limit: limits.parts.fields).items
            } catch {
                throw FormError.malformed(error)
            }
            progress = .complete
        case .multipart(let type):
            if let limit = limits.fileBytes, let length = body.contentLength, length > limits.largestBody ?? .max {
                throw FormError.filesTooLarge(limit: limit)
            }
            multipart = try MultipartReader(body, contentType: type, limits: limits.parts)
        case .none where body.contentLength == 0: progress = .complete
        case .none, .json, .other: throw FormError.unsupportedType(contentType)
        }
    }

    /// Reads the next field or file. Returns false at the end. If `stops` is true, it also returns false at a file,
    /// which it does not read.
    private func gather(stoppingAtFile stops: Bool) async throws -> Bool {
        guard let multipart else { return false }
        if let file = waiting {
            if stops { return false }
            waiting = nil
            files.append(try await upload(file))
            return true
        }
        while let event = try await multipart.next() {
            guard case .part(let part) = event else { continue }
            if part.isFile {
                waiting = part
                return try await gather(stoppingAtFile: stops)
            }
            fields.append(QueryString.Item(name: part.name, value: try await fieldValue(multipart)))
            return true
        }
        return false
    }

    private func fieldValue(_ multipart: MultipartReader) async throws -> String {
        var value = ByteBuffer()
        while let event = try await multipart.next(), case .bytes(let bytes) = event { value.append(bytes) }
        let text = multipart.charset.text(value.freeze().span)
        guard text.isStreamSafe else { throw FormError.malformed(.combiningMarks) }
        return text
    }

    /// Returns the next bytes of the current file; nil at its end.
    private func fileBytes() async throws -> Bytes? {
        guard case .bytes(let bytes)? = try await multipart?.next() else {
            isInFile = false
            return nil
        }
        fileBytes += bytes.count
        if let limit = limits.fileBytes, fileBytes > limit { throw FormError.filesTooLarge(limit: limit) }
        return bytes
    }

    /// Reads a file into memory while there is room, and otherwise into a temporary file.
    private func upload(_ part: MultipartPart) async throws -> UploadedFile {
        var memory = ByteBuffer()
        var disk: TemporaryFile?
        var size = 0
        isInFile = true
        while let bytes = try await fileBytes() {
            size += bytes.count
            if let disk {
                try await disk.append(bytes)
            } else if memoryBytes + size > limits.memory {
                let file = try await TemporaryFile.make(in: limits.temporaryFolder)
                try await file.append(memory.take())
                try await file.append(bytes)
                disk = file
            } else {
                memory.append(bytes)
            }
        }
        if let disk { return UploadedFile(part, size: size, .disk(disk)) }
        memoryBytes += size
        return UploadedFile(part, size: size, .memory(memory.freeze()))
    }
}
