/// A request's HTTP version.
public enum HTTPVersion: Sendable, Hashable {
    /// HTTP/1.0.
    case http10
    /// HTTP/1.1.
    case http11
    /// HTTP/2.
    case http2
}

extension HTTPVersion: CustomStringConvertible {
    /// The version as in ASGI's `http_version`: `1.0`, `1.1` or `2`.
    public var description: String {
        switch self {
        case .http10: "1.0"
        case .http11: "1.1"
        case .http2: "2"
        }
    }
}
