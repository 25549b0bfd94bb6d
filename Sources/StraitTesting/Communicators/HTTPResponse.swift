public import StraitHTTP
import StraitJSON
public import StraitNetwork

/// A response as a test gets it.
public struct HTTPResponse: Sendable {
    public let status: HTTPStatus
    /// The fields that the application set.
    public let headers: HTTPFields
    /// The body as the application wrote it: one piece, or as many as it streamed.
    public internal(set) var pieces: [Bytes] = []

    init(status: HTTPStatus, headers: HTTPFields) {
        self.status = status
        self.headers = headers
    }

    /// The whole body.
    public var body: Bytes {
        var whole = ByteBuffer(capacity: pieces.reduce(0) { $0 + $1.count })
        for piece in pieces { whole.append(piece) }
        return whole.freeze()
    }

    /// The body as UTF-8 text, what is invalid replaced by U+FFFD.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body read as JSON.
    ///
    /// - Throws: `JSONError` if it is no JSON, `DecodingError` if it is of another shape.
    public func json<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONCoder().decode(type, from: body)
    }
}
