public import StraitHTTP

/// A router, a middleware or an endpoint; the counterpart of an ASGI application.
///
/// An ASGI application runs until its connection ends. This one only resolves a scope: it returns the endpoint that
/// serves the connection. No suspended frame of a router or middleware stays in memory for an idle socket, even with a
/// hundred thousand sockets. Middleware adds its own work to the resolution.
public protocol Application: RouteTarget {
    /// Returns the endpoint for `scope`, or nil if no route matches. An outer router then tries its next route. The
    /// server answers 404 if none matches.
    func resolve(_ scope: Scope) async throws -> Resolution?

    /// Resolves `scope` without waiting, which saves a task for each request. The default implementation returns
    /// ``ImmediateResolution/waits``. The caller then calls ``resolve(_:)``.
    func resolveNow(_ scope: Scope) throws -> ImmediateResolution

    /// All routes of this application, in order. They are used to reverse names and to list routes.
    var urlPatterns: [URLPattern] { get }

    /// The channels that this application's workers read.
    var channelNames: [String] { get }

    /// Whether this application serves a single path instead of routing the rest of it. A route to an endpoint has to
    /// match the whole path. A route to a router has to match only its beginning.
    var isEndpoint: Bool { get }
}

/// The outcome of ``Application/resolveNow(_:)``.
public enum ImmediateResolution: Sendable {
    /// The application's answer, or nil if no route matches.
    case resolved(Resolution?)
    /// The application has to wait: call ``Application/resolve(_:)``.
    case waits
}

extension Application {
    /// Returns ``ImmediateResolution/waits``.
    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution { .waits }
    /// No routes, by default.
    public var urlPatterns: [URLPattern] { [] }
    /// No channels, by default.
    public var channelNames: [String] { [] }
    /// False by default: the application is a router.
    public var isEndpoint: Bool { false }
}
