/// Whatever can say who answers a connection: a router, a middleware, an endpoint; an ASGI application.
///
/// An ASGI application runs for as long as its connection lives. This one *resolves*: it returns a value that says who
/// answers, and with which scope, and is done. So no suspended frame of any router or middleware stays in memory for an
/// idle socket, and a hundred thousand of them cost nothing here. What has to happen around the answer is done by
/// wrapping the endpoint in the resolution.
public protocol Application: RouteTarget {
    /// Who answers `scope`, or nil where no route of this application does; an outer router goes on with its next route
    /// then, and the server answers 404 in the end.
    func resolve(_ scope: Scope) async throws -> Resolution?

    /// The same as ``resolve(_:)`` for an application that does not have to wait, which saves each request a task.
    /// ``ImmediateResolution/waits`` by default: the caller asks ``resolve(_:)`` then.
    func resolveNow(_ scope: Scope) throws -> ImmediateResolution

    /// All routes beneath this application, in order: what names are reversed with and lists are made of.
    var urlPatterns: [URLPattern] { get }

    /// The channels that workers of this application read.
    var channelNames: [String] { get }

    /// Whether this application answers for one path itself rather than by routing on what remains of it. A route to an
    /// endpoint has to match the whole path, one to a router its beginning.
    var isEndpoint: Bool { get }
}

/// The outcome of ``Application/resolveNow(_:)``.
public enum ImmediateResolution: Sendable {
    /// The application knows the answer; nil if it has no route.
    case resolved(Resolution?)
    /// The application has to wait before it knows.
    case waits
}

extension Application {
    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution { .waits }
    public var urlPatterns: [URLPattern] { [] }
    public var channelNames: [String] { [] }
    public var isEndpoint: Bool { false }
}
