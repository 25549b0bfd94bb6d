internal import Glibc
public import StraitHTTP
public import StraitNetwork

/// A file of a form: in memory where it is small, else on a disk, where it is gone as soon as nobody has this value any
/// more; Django's `UploadedFile`.
///
/// ```swift
/// for try await piece in file { hash.update(piece) }
/// try await file.save(to: "/srv/uploads/\(UUID())")
/// ```
public struct UploadedFile: AsyncSequence, Sendable {
    public typealias Element = Bytes
    public typealias Failure = any Error

    enum Contents: Sendable {
        case memory(Bytes)
        case disk(TemporaryFile)
    }

    /// The field's name.
    public let name: String
    /// What the file was called where it comes from, without a path. The client's word: never a place on your disk.
    public let filename: String
    /// What the client says that the file is; nil where it says nothing.
    public let contentType: MediaType?
    /// The file's size in bytes.
    public let size: Int
    let contents: Contents

    init(_ part: MultipartPart, size: Int, _ contents: Contents) {
        name = part.name
        filename = part.filename ?? ""
        contentType = part.contentType
        self.size = size
        self.contents = contents
    }

    /// A file by hand, for tests.
    public init(name: String, filename: String, contentType: MediaType? = nil, _ bytes: Bytes) {
        self.init(
            MultipartPart(name: name, filename: filename, contentType: contentType), size: bytes.count, .memory(bytes))
    }

    /// Whether the contents are in memory.
    public var isInMemory: Bool {
        if case .memory = contents { true } else { false }
    }

    /// Hands out the contents, 64 KiB at a time where they are on a disk.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let contents: Contents
        fileprivate var offset = 0

        /// The next piece, or nil at the end.
        ///
        /// - Throws: ``FormError`` where the disk fails.
        public mutating func next() async throws -> Bytes? {
            let piece: Bytes
            switch contents {
            case .memory(let bytes): piece = bytes.slice(Swift.min(offset, bytes.count)..<bytes.count)
            case .disk(let file): piece = try await Self.read(file, at: offset)
            }
            offset += piece.count
            return piece.isEmpty ? nil : piece
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Bytes? {
            try await next()
        }

        /// Away from the caller's event loop, as the disk may take its time.
        @concurrent private static func read(_ file: TemporaryFile, at offset: Int) async throws(FormError) -> Bytes {
            try file.read(at: offset, upTo: 64 << 10)
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(contents: contents)
    }

    /// All of the file.
    ///
    /// - Parameter limit: The most bytes to take into memory.
    /// - Throws: ``FormError/filesTooLarge(limit:)`` where there are more, and what the disk says.
    public func collect(upTo limit: Int) async throws -> Bytes {
        guard size <= limit else { throw FormError.filesTooLarge(limit: limit) }
        if case .memory(let bytes) = contents { return bytes }
        var whole = ByteBuffer(capacity: size)
        for try await piece in self { whole.append(piece) }
        return whole.freeze()
    }

    /// Copies the file to `path`, where none may be yet: give it a name of your own, as the client's may be anything.
    ///
    /// - Throws: ``FormError/disk(_:)`` where there is one, or it cannot be written; half a file is removed.
    @concurrent public func save(to path: String) async throws {
        // The kernel would make what stands before it.
        guard !path.utf8.contains(0) else {
            throw FormError.disk("The file \(path.debugDescription) cannot be made: there is a NUL in its path.")
        }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else {
            throw FormError.disk("The file \(path) cannot be made: \(TransportError.text(of: errno))")
        }
        do {
            for try await piece in self { try TemporaryFile.write(piece, to: descriptor) }
        } catch {
            close(descriptor)
            unsafe unlink(path)
            throw error
        }
        close(descriptor)
    }
}
