public import StraitHTTP

/// The methods that a handler accepts, and the responses to other methods; Django's `require_http_methods`.
public struct AllowedMethods: Sendable, Hashable {
    /// The methods in the order of the `Allow` header, including the implied `HEAD` and `OPTIONS`.
    public let methods: [HTTPMethod]
    private let answersOptions: Bool

    /// Creates the list of methods.
    ///
    /// - Parameter methods: The methods that the handler accepts. `GET` implies `HEAD`, for which the server omits the
    ///   body. `OPTIONS` is answered automatically unless it is in the list.
    public init(_ methods: [HTTPMethod]) {
        var all: [HTTPMethod] = []
        for method in methods {
            if !all.contains(method) { all.append(method) }
            if method == .get, !all.contains(.head) { all.append(.head) }
        }
        answersOptions = !all.contains(.options)
        if answersOptions { all.append(.options) }
        self.methods = all
    }

    /// The value of an `Allow` header (RFC 9110 §10.2.1).
    public var fieldValue: String { methods.map(\.rawValue).joined(separator: ", ") }

    /// Returns the response that replaces the handler's: the list of methods for `OPTIONS`, or 405 (RFC 9110 §9.3.7,
    /// §15.5.6). Returns nil if the handler accepts `method`.
    public func answer(to method: HTTPMethod) -> Response? {
        if methods.contains(method), method != .options || !answersOptions { return nil }
        var response = method == .options ? Response() : .status(.methodNotAllowed)
        response.headers["allow"] = fieldValue
        return response
    }
}
