internal import StraitHTTP

/// One route of an application with everything that leads to it: for reversing names, and for lists of all routes.
public struct URLPattern: Sendable {
    /// A part of a path.
    package enum Piece: Sendable {
        case literal(String)
        case argument(String, any Converter)
    }

    /// The namespaces of the routers around it, outer ones first.
    public internal(set) var namespaces: [String] = []
    public internal(set) var name: String?
    /// The path as it was written, without its first slash: `ws/chat/<str:room>/`. A regular expression as it was
    /// written, if it has no template.
    public internal(set) var text = ""
    /// What answers there; nil for a response that answers both kinds.
    public let kind: Scope.Kind?
    /// The arguments that the routes add themselves.
    package internal(set) var defaults: [String: any Sendable] = [:]
    /// The path's parts; nil where a regular expression is among the routes, which cannot be reversed.
    package internal(set) var pieces: [Piece]? = []

    private let endpoint: Endpoint

    init(kind: Scope.Kind?, endpoint: Endpoint) {
        self.kind = kind
        self.endpoint = endpoint
    }

    /// A pattern of an application that finds its paths by itself. It cannot be reversed.
    package init(text: String, handledBy handler: any HTTPHandler) {
        self.init(kind: .http, endpoint: .http(handler))
        self.text = text
        pieces = nil
    }

    /// What answers there: a type's name, or that it is a function or a response.
    public var handler: String {
        switch endpoint {
        case .http(let handler): handler.name
        case .webSocket(let endpoint): endpoint.name
        case .response(let response): "a response, \(response.status.code)"
        case .worker: ""
        }
    }

    /// The methods that are answered there, where that is known.
    public var methods: AllowedMethods? {
        if case .http(let handler) = endpoint { handler.methods } else { nil }
    }

    /// The name with its namespaces: `chat:room`.
    public var qualifiedName: String? {
        name.map { (namespaces + [$0]).joined(separator: ":") }
    }

    /// The names of the arguments that stand in the path.
    public var arguments: [String] {
        (pieces ?? []).compactMap { if case .argument(let name, _) = $0 { name } else { nil } }
    }
}
