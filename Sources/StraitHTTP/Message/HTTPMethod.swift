/// A request method (RFC 9110 §9). Names are case-sensitive. Any token is valid, including methods without a constant
/// here.
public struct HTTPMethod: RawRepresentable, Hashable, Sendable {
    /// The name, as in the request line.
    public let rawValue: String

    /// Creates a method from its name, without checking it.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// `GET`: reads the resource.
    public static let get = HTTPMethod(rawValue: "GET")
    /// `HEAD`: like `GET`, but the response has no body.
    public static let head = HTTPMethod(rawValue: "HEAD")
    /// `POST`: lets the resource process the body.
    public static let post = HTTPMethod(rawValue: "POST")
    /// `PUT`: replaces the resource with the body.
    public static let put = HTTPMethod(rawValue: "PUT")
    /// `PATCH`: changes a part of the resource (RFC 5789).
    public static let patch = HTTPMethod(rawValue: "PATCH")
    /// `DELETE`: removes the resource.
    public static let delete = HTTPMethod(rawValue: "DELETE")
    /// `OPTIONS`: returns the methods and options of the resource.
    public static let options = HTTPMethod(rawValue: "OPTIONS")
    /// `TRACE`: returns the request as the server received it.
    public static let trace = HTTPMethod(rawValue: "TRACE")
    /// `CONNECT`: opens a tunnel to the host and port in the target.
    public static let connect = HTTPMethod(rawValue: "CONNECT")

    /// Whether the method only reads, and therefore needs no CSRF protection (RFC 9110 §9.2.1).
    public var isSafe: Bool {
        self == .get || self == .head || self == .options || self == .trace
    }
}

extension HTTPMethod: CustomStringConvertible {
    /// The name.
    public var description: String { rawValue }
}

extension HTTPMethod: ExpressibleByStringLiteral {
    /// Creates a method from a literal of its name: `"PURGE"`.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }
}

/// A request's HTTP version.
public enum HTTPVersion: Sendable, Hashable {
    /// HTTP/1.0.
    case http10
    /// HTTP/1.1.
    case http11
}

extension HTTPVersion: CustomStringConvertible {
    /// The version as in ASGI's `http_version`: `1.0` or `1.1`.
    public var description: String {
        switch self {
        case .http10: "1.0"
        case .http11: "1.1"
        }
    }
}
