public import StraitHTTP
import StraitJSON
public import StraitNetwork

/// A response that a test received.
public struct HTTPResponse: Sendable {
    /// The status.
    public let status: HTTPStatus
    /// The headers that the application and middleware set.
    public let headers: HTTPFields
    /// The body in the pieces that the application wrote: one, or more if it was streamed.
    public internal(set) var pieces: [Bytes] = []

    init(status: HTTPStatus, headers: HTTPFields) {
        self.status = status
        self.headers = headers
    }

    /// The complete body.
    public var body: Bytes {
        var whole = ByteBuffer(capacity: pieces.reduce(0) { $0 + $1.count })
        for piece in pieces { whole.append(piece) }
        return whole.freeze()
    }

    /// The body as UTF-8 text. Invalid bytes become U+FFFD.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Decodes the body as JSON.
    ///
    /// - Throws: `JSONError` if the body is not JSON, or `DecodingError` if it does not fit the type.
    public func json<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONCoder().decode(type, from: body)
    }
}
