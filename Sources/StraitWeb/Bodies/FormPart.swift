public import StraitHTTP
public import StraitNetwork

/// A part of a form that is handed out as it arrives.
public enum FormPart: Sendable {
    /// A field with its value, which is here as a whole.
    case field(name: String, value: String)
    /// A file, whose bytes come as they are asked for.
    case file(StreamedFile)
}

/// A file of a form while it arrives: its bytes are read from the connection as they are asked for, so that a slow
/// reader slows the client and costs no memory. They can be had once, and before the next part is asked for.
public struct StreamedFile: AsyncSequence, Sendable {
    public typealias Element = Bytes
    public typealias Failure = any Error

    enum Origin: Sendable {
        /// The part of that number, which the reader is at.
        case reader(FormReader, number: Int)
        case uploaded(UploadedFile)
    }

    /// The field's name.
    public let name: String
    /// What the file was called where it comes from, without a path. The client's word: never a place on your disk.
    public let filename: String
    /// What the client says that the file is; nil where it says nothing.
    public let contentType: MediaType?
    let origin: Origin

    /// Hands out the bytes in order.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let origin: Origin
        fileprivate let filename: String
        fileprivate var uploaded: UploadedFile.AsyncIterator?

        /// The next bytes, or nil at the file's end.
        ///
        /// - Throws: ``FormError``, and the connection's error where the client went away.
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

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Bytes? {
            try await next()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(origin: origin, filename: filename, uploaded: nil)
    }
}

/// The parts of a form in their order, each handed out as it arrives. What of a file is not read is skipped when the
/// next part is asked for.
public struct FormParts: AsyncSequence, Sendable {
    public typealias Element = FormPart
    public typealias Failure = any Error

    let reader: FormReader
    let limits: FormLimits

    /// Hands out the parts in order.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let reader: FormReader
        fileprivate let limits: FormLimits

        /// The next part, or nil at the end.
        ///
        /// - Throws: ``FormError``, and the connection's error where the client went away.
        public mutating func next() async throws -> FormPart? {
            try await reader.nextPart(limits)
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> FormPart? {
            try await next()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reader: reader, limits: limits)
    }
}
