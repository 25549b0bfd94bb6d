public import StraitHTTP

/// A complete route of an application, including the routers around it, for reversing names and for listing routes.
public struct URLPattern: Sendable {
    /// A part of a path.
    package enum Piece: Sendable {
        case literal(String)
        case argument(String, any Converter)
    }

    /// The namespaces of the routers around it, outer ones first.
    public internal(set) var namespaces: [String] = []
    /// The route's name without its namespaces, or nil.
    public internal(set) var name: String?
    /// The path's pattern without its leading slash: `ws/chat/<str:room>/`. For a regular expression without a
    /// template, it is the expression's source text.
    public internal(set) var text = ""
    /// The type of connection that the route serves, or nil for a fixed response, which serves both.
    public let kind: Scope.Kind?
    /// The extra arguments that the routes add.
    package internal(set) var defaults: [String: any Sendable] = [:]
    /// The path's parts, or nil if any of the routes is a regular expression without a template. Such a route cannot be
    /// reversed.
    package internal(set) var pieces: [Piece]? = []

    private let endpoint: Endpoint

    init(kind: Scope.Kind?, endpoint: Endpoint) {
        self.kind = kind
        self.endpoint = endpoint
    }

    /// Creates the pattern of an application that routes its paths itself. It cannot be reversed.
    package init(text: String, handledBy handler: any HTTPHandler) {
        self.init(kind: .http, endpoint: .http(handler))
        self.text = text
        pieces = nil
    }

    /// A description of the endpoint: a type's name, `a function`, or a response with its status.
    public var handler: String {
        switch endpoint {
        case .http(let handler): handler.name
        case .webSocket(let endpoint): endpoint.name
        case .response(let response): "a response, \(response.status.code)"
        case .worker: ""
        }
    }

    /// The accepted methods, if known.
    public var methods: AllowedMethods? {
        if case .http(let handler) = endpoint { handler.methods } else { nil }
    }

    /// The name with its namespaces: `chat:room`.
    public var qualifiedName: String? {
        name.map { (namespaces + [$0]).joined(separator: ":") }
    }

    /// The names of the arguments in the path.
    public var arguments: [String] {
        (pieces ?? []).compactMap { if case .argument(let name, _) = $0 { name } else { nil } }
    }
}

/// A regular expression as a route's pattern; Django's `RegexPattern`.
///
/// Matching time may be polynomial in the path's length, so no expression matches a path longer than ``longest``.
/// Matching takes no lock: a slow match delays no other event loop.
final class RegexPattern: Sendable {
    // SAFETY: a `Regex` is not `Sendable` because it compiles itself on first use, and stores the result atomically.
    // The initializer uses it once before it is shared. After that, it is only read.
    private nonisolated(unsafe) let regex: Regex<AnyRegexOutput>
    /// The expression's source text, or nil if it was not created from a literal.
    let text: String?
    /// The maximum length of a path that is matched, in bytes.
    static let longest = 1024

    init(_ regex: sending Regex<AnyRegexOutput>) {
        text = regex._literalPattern
        unsafe self.regex = regex
        _ = try? regex.firstMatch(in: "")
    }

    /// Matches the rest of `path` from `start`, anywhere unless the expression begins with `^`, as in Django. If a
    /// named capture matches, positional captures are dropped.
    func match(_ path: String, from start: Int, isPrefix: Bool) -> RouteMatch? {
        guard path.utf8.count - start <= Self.longest else { return nil }
        let rest = path[path.utf8.index(path.startIndex, offsetBy: start)...]
        guard let found = unsafe try? regex.firstMatch(in: rest) else { return nil }
        // Reject a match before a trailing line feed, which `$` allows but a route never intends.
        if !isPrefix, rest[found.range.upperBound...].utf8.elementsEqual([0x0A]) { return nil }
        var match = RouteMatch(end: path.utf8.distance(from: path.startIndex, to: found.range.upperBound))
        for index in found.output.indices.dropFirst() {
            let capture = found.output[index]
            guard let text = capture.substring else { continue }
            if let name = capture.name {
                match.kwargs[name] = String(text)
            } else {
                match.args.append(String(text))
            }
        }
        if !match.kwargs.isEmpty { match.args = [] }
        return match
    }
}
