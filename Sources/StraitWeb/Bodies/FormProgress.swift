internal import StraitHTTP
internal import StraitNetwork
internal import StraitRouting

/// How far a request's form was read, and what was found. Within a ``FormReader``, which has one at a time use it.
///
/// It runs where its caller does, on the request's loop; what waits for a disk does not.
final class FormProgress {
    private enum Progress {
        case unread
        /// Up to a file that was not touched yet, or wherever an answer was found.
        case begun
        case complete
        case handedOut
        case failed(any Error)
    }

    private let body: RequestBody
    private let contentType: String?
    private var progress = Progress.unread
    private var multipart: MultipartReader?
    private var fields: [QueryString.Item] = []
    private var files: [UploadedFile] = []
    /// A file whose header was read, and nothing of its contents.
    private var waiting: MultipartPart?
    /// A urlencoded body as it came, for whoever wants the bytes.
    private(set) var bytes: Bytes?
    private var fileBytes = 0
    private var memoryBytes = 0
    private var limits = FormLimits()
    /// While parts are handed out: how many of ``fields`` and ``files`` were, and the number of the part in hand.
    private var handedOut = 0
    private var number = 0
    private var isInFile = false

    init(_ body: RequestBody, contentType: String?) {
        self.body = body
        self.contentType = contentType
    }

    // MARK: As a whole

    /// The whole form.
    func form(_ limits: FormLimits) async throws -> FormData {
        if case .handedOut = progress { throw FormError.handedOut }
        try await step {
            try await begin(limits)
            while try await gather(stoppingAtFile: false) {}
            progress = .complete
        }
        return FormData(fields: QueryString(fields), files: files)
    }

    /// The value of the first field `name` of those that come before any file; no byte of a file is taken.
    func field(_ name: String, _ limits: FormLimits) async throws -> String? {
        try await step {
            try await begin(limits)
            while !fields.contains(where: { $0.name.hasSameBytes(as: name) }), try await gather(stoppingAtFile: true) {}
        }
        // Of a form that is there as a whole the last one counts, as for Django.
        if multipart == nil { return fields.last { $0.name.hasSameBytes(as: name) }?.value }
        return fields.first { $0.name.hasSameBytes(as: name) }?.value
    }

    // MARK: Part by part

    /// The next part: first what was gathered already, then what arrives.
    func nextPart(_ limits: FormLimits, _ reader: FormReader) async throws -> FormPart? {
        try await step {
            try await begin(limits)
            if case .complete = progress {} else { progress = .handedOut }
            return try await take(reader)
        }
    }

    private func take(_ reader: FormReader) async throws -> FormPart? {
        number += 1
        if handedOut < fields.count {
            handedOut += 1
            return .field(name: fields[handedOut - 1].name, value: fields[handedOut - 1].value)
        }
        if case .complete = progress {
            let index = handedOut - fields.count
            guard index < files.count else { return nil }
            handedOut += 1
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

    /// The next bytes of the file that was handed out with that number.
    func nextBytes(of number: Int, _ name: String) async throws -> Bytes? {
        guard number == self.number else { throw FormError.passed(name) }
        return try await step { isInFile ? try await fileBytes() : nil }
    }

    // MARK: Reading

    /// Runs `work`; after an error there is nothing but the error.
    private func step<Result>(_ work: () async throws -> Result) async throws -> Result {
        if case .failed(let error) = progress { throw error }
        do {
            return try await work()
        } catch {
            progress = .failed(error)
            // What is on a disk goes with the values.
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

    /// Reads the next part, a file only where it may; false where none is left, or the next one is a file.
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

    /// The next bytes of the file that the body is at; nil at its end.
    private func fileBytes() async throws -> Bytes? {
        guard case .bytes(let bytes)? = try await multipart?.next() else {
            isInFile = false
            return nil
        }
        fileBytes += bytes.count
        if let limit = limits.fileBytes, fileBytes > limit { throw FormError.filesTooLarge(limit: limit) }
        return bytes
    }

    /// Takes a file in: into memory while there is room, else to a disk.
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
