public import StraitCore
public import StraitHTTP

/// A part of a form that is read as it arrives.
public enum FormPart: Sendable {
    /// A field with its whole value.
    case field(name: String, value: String)
    /// A file, whose bytes are read on demand.
    case file(StreamedFile)
}

/// A file of a form that is read as it arrives.
///
/// Bytes are read from the connection on demand, so a slow reader slows the client down and uses no memory. They can be
/// read once, and only before the next part is requested.
public struct StreamedFile: AsyncSequence, Sendable {
    /// A piece of the file's contents.
    public typealias Element = Bytes
    /// The type of error that reading throws.
    public typealias Failure = any Error

    enum Origin: Sendable {
        /// The part with this number, which is the reader's current one.
        case reader(FormReader, number: Int)
        case uploaded(UploadedFile)
    }

    /// The field's name.
    public let name: String
    /// The file's name on the client, without a path. It is untrusted input: don't use it as a path on disk.
    public let filename: String
    /// The media type that the client sent; nil if it sent none.
    public let contentType: MediaType?
    let origin: Origin

    /// An iterator over the file's contents, in order.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let origin: Origin
        fileprivate let filename: String
        fileprivate var uploaded: UploadedFile.AsyncIterator?

        /// Returns the next bytes; nil at the end of the file.
        ///
        /// - Throws: ``FormError``; the connection's error if the client disconnects.
        public mutating func next() async throws -> Bytes? {
            switch origin {
            case .reader(let reader, let number): return try await reader.nextBytes(of: number, filename)
            case .uploaded(let file):
                var iterator = uploaded ?? file.makeAsyncIterator()
                let piece = try await iterator.next()
                uploaded = iterator
                return piece
            }
        }

        /// Returns the next bytes; nil at the end of the file.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Bytes? {
            try await next()
        }
    }

    /// Creates an iterator over the bytes.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(origin: origin, filename: filename, uploaded: nil)
    }
}

/// The parts of a form in order, each read as it arrives. The unread rest of a file is skipped when the next part is
/// requested.
public struct FormParts: AsyncSequence, Sendable {
    /// The element: a field or a file.
    public typealias Element = FormPart
    /// The type of error that reading throws.
    public typealias Failure = any Error

    let reader: FormReader
    let limits: FormLimits

    /// An iterator over the parts, in order.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let reader: FormReader
        fileprivate let limits: FormLimits

        /// Returns the next part; nil at the end.
        ///
        /// - Throws: ``FormError``; the connection's error if the client disconnects.
        public mutating func next() async throws -> FormPart? {
            try await reader.nextPart(limits)
        }

        /// Returns the next part; nil at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> FormPart? {
            try await next()
        }
    }

    /// Creates an iterator over the parts.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reader: reader, limits: limits)
    }
}
