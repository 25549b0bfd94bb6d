public import StraitHTTP

/// The methods that a page answers to, and what is said to others; Django's `require_http_methods`.
public struct AllowedMethods: Sendable, Hashable {
    /// In the order in which they are told, `HEAD` where there is `GET`, and `OPTIONS`, among them.
    public let methods: [HTTPMethod]
    private let answersOptions: Bool

    /// - Parameter methods: Those that are handled. Who has `GET` has `HEAD` too, whose body the server leaves out;
    ///   `OPTIONS` is answered for everybody.
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

    /// As it stands in an `Allow` field (RFC 9110 §10.2.1).
    public var fieldValue: String { methods.map(\.rawValue).joined(separator: ", ") }

    /// What answers `method` in the handler's place: which methods there are, or that it is none of them (RFC 9110
    /// §9.3.7, §15.5.6). Nil for one that is handled; a handler may have an `OPTIONS` of its own.
    public func answer(to method: HTTPMethod) -> Response? {
        if methods.contains(method), method != .options || !answersOptions { return nil }
        var response = method == .options ? Response() : .status(.methodNotAllowed)
        response.headers["allow"] = fieldValue
        return response
    }
}
