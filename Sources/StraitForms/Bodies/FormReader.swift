package import StraitCore
internal import StraitHTTP
internal import Synchronization

/// The reader of a request's form. Middleware and handler share it, so that the form is read only once.
package final class FormReader: Sendable {
    // SAFETY: only the task that has set `isTaken` uses `progress`, and the mutex orders the tasks.
    private nonisolated(unsafe) let progress: FormReadingState
    private let isTaken = Mutex(false)

    init(_ body: RequestBody, contentType: String?) {
        unsafe progress = FormReadingState(body, contentType: contentType)
    }

    /// Returns the whole form.
    func form(_ limits: FormLimits) async throws -> FormData {
        try await turn { try await $0.form(limits) }
    }

    /// Returns the value of the first field `name`. In a multipart form, only fields before the first file are found,
    /// and no byte of a file is read.
    package func field(_ name: String, _ limits: FormLimits) async throws -> String? {
        try await turn { try await $0.field(name, limits) }
    }

    /// Returns a urlencoded body as received, if it was read; otherwise nil.
    package func bytes() async throws -> Bytes? {
        try await turn { $0.bytes }
    }

    /// Returns the next part: first those read already, then those that arrive.
    func nextPart(_ limits: FormLimits) async throws -> FormPart? {
        try await turn { try await $0.nextPart(limits, self) }
    }

    /// Returns the next bytes of the file that is part `number`.
    func nextBytes(of number: Int, _ name: String) async throws -> Bytes? {
        try await turn { try await $0.nextBytes(of: number, name) }
    }

    /// Runs `work` unless another task is using the form.
    ///
    /// - Throws: ``FormError/secondReader`` if another task is.
    private func turn<Result>(_ work: (FormReadingState) async throws -> Result) async throws -> Result {
        let isMine = isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
        guard isMine else { throw FormError.secondReader }
        defer { isTaken.withLock { $0 = false } }
        return try await work(unsafe progress)
    }
}

/// The kind of a body, according to its `Content-Type`.
package enum FormType: Equatable {
    /// There is no `Content-Type`.
    case none
    case urlencoded
    /// A multipart form, with the complete header, because that contains the boundary.
    case multipart(String)
    case json
    case other

    /// Reads the header's value.
    package init(_ contentType: String?) {
        guard let contentType else {
            self = .none
            return
        }
        let type = String(
            decoding: contentType.utf8.prefix { $0 != 0x3B }.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self
        ).lowercased()
        // Media types are ASCII, and comparing other characters takes time.
        guard type.utf8.allSatisfy({ $0 < 0x80 }) else {
            self = .other
            return
        }
        switch type {
        case "": self = .none
        case "application/x-www-form-urlencoded": self = .urlencoded
        case "multipart/form-data": self = .multipart(contentType)
        case "application/json": self = .json
        case _ where type.hasPrefix("application/") && type.hasSuffix("+json"): self = .json
        default: self = .other
        }
    }

    /// Returns the charset in a `Content-Type`, in lower case; nil if there is none.
    static func charset(_ contentType: String?) -> String? {
        guard let charset = contentType.flatMap({ try? HeaderParameters($0)["charset"] })?.lowercased() else {
            return nil
        }
        return charset == "utf8" ? "utf-8" : charset
    }
}

/// A multipart body and its parser. A ``FormReadingState`` ensures that one task at a time uses it.
final class MultipartReader {
    private var iterator: RequestBody.AsyncIterator
    private var parser: MultipartParser
    private var hasEnded = false

    init(_ body: RequestBody, contentType: String, limits: MultipartLimits) throws(FormError) {
        iterator = body.makeAsyncIterator()
        do throws(MultipartError) {
            parser = try MultipartParser(contentType: contentType, limits: limits)
        } catch {
            throw .malformed(error)
        }
    }

    /// The limits for the rest of the body.
    var limits: MultipartLimits {
        get { parser.limits }
        set { parser.limits = newValue }
    }

    /// The encoding of the fields' values.
    var charset: FormCharset { parser.charset }

    /// Returns the next event; nil after the last. The body is read to its end, so that the connection can be reused.
    ///
    /// - Throws: ``FormError``; the connection's error.
    func next() async throws -> MultipartEvent? {
        while true {
            do throws(MultipartError) {
                if let event = try parser.next() { return event }
                if hasEnded { return nil }
            } catch {
                throw FormError.malformed(error)
            }
            if let piece = try await iterator.next() {
                parser.feed(piece.span)
            } else {
                hasEnded = true
                do throws(MultipartError) { try parser.finish() } catch { throw FormError.malformed(error) }
            }
        }
    }
}

/// The body of a request whose form was read already. Reading its bytes throws ``FormError/alreadyRead``.
package struct ConsumedBody: RequestBodySource {
    package init() {}

    package nonisolated(nonsending) func next() async throws -> Bytes? {
        throw FormError.alreadyRead
    }
}
