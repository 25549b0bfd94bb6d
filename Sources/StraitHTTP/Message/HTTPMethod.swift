/// A request method (RFC 9110 §9). Names are case-sensitive, and any token is one: what a resource knows is its own
/// choice.
public struct HTTPMethod: RawRepresentable, Hashable, Sendable {
    /// The name as it stands in the request line.
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let get = HTTPMethod(rawValue: "GET")
    public static let head = HTTPMethod(rawValue: "HEAD")
    public static let post = HTTPMethod(rawValue: "POST")
    public static let put = HTTPMethod(rawValue: "PUT")
    public static let patch = HTTPMethod(rawValue: "PATCH")
    public static let delete = HTTPMethod(rawValue: "DELETE")
    public static let options = HTTPMethod(rawValue: "OPTIONS")
    public static let trace = HTTPMethod(rawValue: "TRACE")
    public static let connect = HTTPMethod(rawValue: "CONNECT")

    /// Whether the method only reads, so that no protection against forged requests is needed (RFC 9110 §9.2.1).
    public var isSafe: Bool {
        self == .get || self == .head || self == .options || self == .trace
    }
}

extension HTTPMethod: CustomStringConvertible {
    public var description: String { rawValue }
}

extension HTTPMethod: ExpressibleByStringLiteral {
    /// So that a method can be written as its name.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }
}
