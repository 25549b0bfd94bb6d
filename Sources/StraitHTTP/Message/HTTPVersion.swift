/// The version of HTTP that a request came in.
public enum HTTPVersion: Sendable, Hashable {
    case http10
    case http11
    case http2
}

extension HTTPVersion: CustomStringConvertible {
    /// The text of ASGI's `http_version`: `1.0`, `1.1` or `2`.
    public var description: String {
        switch self {
        case .http10: "1.0"
        case .http11: "1.1"
        case .http2: "2"
        }
    }
}
