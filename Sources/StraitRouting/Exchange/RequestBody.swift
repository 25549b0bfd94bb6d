public import StraitHTTP
public import StraitNetwork

/// Where the server hands a request's body out, a piece at a time.
package protocol RequestBodySource: Sendable {
    /// The next piece, never empty, or nil at the end. The server reads from the socket only while one is awaited, so
    /// that a slow reader slows its client and costs no memory.
    nonisolated(nonsending) func next() async throws -> Bytes?
}

/// The body of a request as it arrives, with back-pressure: pieces are read from the socket as they are asked for.
public struct RequestBody: AsyncSequence, Sendable {
    public typealias Element = Bytes
    public typealias Failure = any Error

    fileprivate enum Origin: Sendable {
        case bytes(Bytes)
        case source(any RequestBodySource)
    }

    private let origin: Origin
    /// What the client announced, in bytes; nil where it did not, or for a chunked body.
    public let contentLength: Int?

    /// A body that is there already; for tests.
    public init(_ bytes: Bytes = Bytes()) {
        origin = .bytes(bytes)
        contentLength = bytes.count
    }

    package init(_ source: any RequestBodySource, contentLength: Int?) {
        origin = .source(source)
        self.contentLength = contentLength
    }

    /// Hands out the pieces in order.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var origin: Origin

        /// The next piece, or nil at the end.
        ///
        /// - Throws: The connection's error where the client went away in the middle of the body.
        public mutating func next() async throws -> Bytes? {
            switch origin {
            case .bytes(let bytes):
                origin = .bytes(Bytes())
                return bytes.isEmpty ? nil : bytes
            case .source(let source): return try await source.next()
            }
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Bytes? {
            try await next()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(origin: origin)
    }

    /// The whole body.
    ///
    /// - Parameter limit: The most bytes to keep in memory.
    /// - Throws: ``RequestBodyTooLarge`` as soon as more are announced or arrive; the server answers it with 413.
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

/// A request's body is larger than its handler takes.
public struct RequestBodyTooLarge: HTTPStatusError, Hashable {
    /// How many bytes would have been taken.
    public let limit: Int
    /// What the server answers.
    public var status: HTTPStatus { .contentTooLarge }

    public init(limit: Int) {
        self.limit = limit
    }

    public var description: String { "The body is larger than the \(limit) bytes that are taken here." }
}
