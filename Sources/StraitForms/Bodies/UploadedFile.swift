internal import Glibc
public import StraitCore
public import StraitHTTP

/// A file of a form. Django's `UploadedFile`.
///
/// A small file is in memory. A larger one is in a temporary file, which is removed with the last copy of this value.
///
/// ```swift
/// for try await piece in file { hash.update(piece) }
/// try await file.save(to: "/srv/uploads/\(UUID())")
/// ```
public struct UploadedFile: AsyncSequence, Sendable {
    /// A piece of the file's contents.
    public typealias Element = Bytes
    /// The type of error that reading throws.
    public typealias Failure = any Error

    enum Contents: Sendable {
        case memory(Bytes)
        case disk(TemporaryFile)
    }

    /// The field's name.
    public let name: String
    /// The file's name on the client, without a path. It is untrusted input: don't use it as a path on disk.
    public let filename: String
    /// The media type that the client sent; nil if it sent none.
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

    /// Creates a file from its contents, for tests.
    public init(name: String, filename: String, contentType: MediaType? = nil, _ bytes: Bytes) {
        self.init(
            MultipartPart(name: name, filename: filename, contentType: contentType), size: bytes.count, .memory(bytes))
    }

    /// Whether the contents are in memory.
    public var isInMemory: Bool {
        if case .memory = contents { true } else { false }
    }

    /// An iterator over the contents: all at once from memory, or 64 KiB at a time from disk.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let contents: Contents
        fileprivate var offset = 0

        /// Returns the next bytes; nil at the end.
        ///
        /// - Throws: ``FormError`` if the disk fails.
        public mutating func next() async throws -> Bytes? {
            let piece: Bytes
            switch contents {
            case .memory(let bytes): piece = bytes.slice(Swift.min(offset, bytes.count)..<bytes.count)
            case .disk(let file): piece = try await Self.read(file, at: offset)
            }
            offset += piece.count
            return piece.isEmpty ? nil : piece
        }

        /// Returns the next bytes; nil at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Bytes? {
            try await next()
        }

        /// Reads off the caller's event loop, because the disk may be slow.
        @concurrent private static func read(_ file: TemporaryFile, at offset: Int) async throws(FormError) -> Bytes {
            try file.read(at: offset, upTo: 64 << 10)
        }
    }

    /// Creates an iterator over the contents.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(contents: contents)
    }

    /// Returns the first bytes. Blocks on the disk, but they were written a moment ago and are in the kernel's cache.
    func start(_ count: Int) throws(FormError) -> Bytes {
        switch contents {
        case .memory(let bytes): bytes.slice(0..<Swift.min(count, bytes.count))
        case .disk(let file): try file.read(at: 0, upTo: count)
        }
    }

    /// Reads the whole file into memory.
    ///
    /// - Parameter limit: The largest size to read, in bytes.
    /// - Throws: ``FormError/filesTooLarge(limit:)`` if the file is larger; ``FormError/disk(_:)`` if the disk fails.
    public func collect(upTo limit: Int) async throws -> Bytes {
        guard size <= limit else { throw FormError.filesTooLarge(limit: limit) }
        if case .memory(let bytes) = contents { return bytes }
        var whole = ByteBuffer(capacity: size)
        for try await piece in self { whole.append(piece) }
        return whole.freeze()
    }

    /// Copies the file to `path`, which must not exist yet. Choose the name yourself, as the client's name is untrusted
    /// input.
    ///
    /// - Throws: ``FormError/disk(_:)`` if `path` exists or cannot be written. An incomplete file is removed.
    @concurrent public func save(to path: String) async throws {
        // The kernel would use only the part before the NUL.
        guard !path.utf8.contains(0) else {
            throw FormError.disk("The file \(path.debugDescription) cannot be created: there is a NUL in its path.")
        }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else {
            throw FormError.disk("The file \(path) cannot be created: \(TransportError.text(of: errno))")
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
