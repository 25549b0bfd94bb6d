public import StraitCore

/// The server's source of a request's body, which delivers one piece at a time.
package protocol RequestBodySource: Sendable {
    /// Returns the next piece, which is never empty, or nil at the end. The server reads from the socket only while a
    /// call waits, so a slow handler slows its client and uses no extra memory.
    nonisolated(nonsending) func next() async throws -> Bytes?
}

/// The body of a request, read with back-pressure: the server reads from the socket only when the handler awaits a
/// piece.
public struct RequestBody: AsyncSequence, Sendable {
    /// A piece of the body.
    public typealias Element = Bytes
    /// The type of error that reading throws.
    public typealias Failure = any Error

    fileprivate enum Origin: Sendable {
        case bytes(Bytes)
        case source(any RequestBodySource)
    }

    private let origin: Origin
    /// The length in bytes that the client announced, or nil if it announced none or sends a chunked body.
    public let contentLength: Int?

    /// Creates a complete body, for tests.
    public init(_ bytes: Bytes = Bytes()) {
        origin = .bytes(bytes)
        contentLength = bytes.count
    }

    package init(_ source: any RequestBodySource, contentLength: Int?) {
        origin = .source(source)
        self.contentLength = contentLength
    }

    /// An iterator over the body's pieces, in order.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var origin: Origin

        /// Returns the next piece, or nil at the end.
        ///
        /// - Throws: The connection's error if the client disconnects before the end of the body.
        public mutating func next() async throws -> Bytes? {
            switch origin {
            case .bytes(let bytes):
                origin = .bytes(Bytes())
                return bytes.isEmpty ? nil : bytes
            case .source(let source): return try await source.next()
            }
        }

        /// Returns the next piece, or nil at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Bytes? {
            try await next()
        }
    }

    /// Returns an iterator. A body can be read once.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(origin: origin)
    }

    /// Returns the complete body.
    ///
    /// - Parameter limit: The maximum length in bytes.
    /// - Throws: ``RequestBodyTooLarge`` as soon as the client announces or sends more. The server answers with 413.
    public func collect(upTo limit: Int) async throws -> Bytes {
        if let contentLength, contentLength > limit { throw RequestBodyTooLarge(limit: limit) }
        var iterator = makeAsyncIterator()
        guard let first = try await iterator.next() else { return Bytes() }
        guard first.count <= limit else { throw RequestBodyTooLarge(limit: limit) }
        guard let second = try await iterator.next() else { return first }
        var count = first.count
        var pieces = [first]
        var piece: Bytes? = second
        while let next = piece {
            count += next.count
            guard count <= limit else { throw RequestBodyTooLarge(limit: limit) }
            pieces.append(next)
            piece = try await iterator.next()
        }
        var whole = ByteBuffer(capacity: count)
        for piece in pieces { whole.append(piece) }
        return whole.freeze()
    }
}

/// An error for a request body that exceeds the handler's limit.
public struct RequestBodyTooLarge: HTTPStatusError, Hashable {
    /// The maximum length in bytes.
    public let limit: Int
    /// 413 Content Too Large.
    public var status: HTTPStatus { .contentTooLarge }

    /// Creates the error.
    public init(limit: Int) {
        self.limit = limit
    }

    /// The limit that the body exceeds.
    public var description: String { "The body exceeds the limit of \(limit) bytes." }
}
