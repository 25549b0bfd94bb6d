public import StraitHTTP

/// A router by the type of connection; Channels' `ProtocolTypeRouter`.
public struct ProtocolTypeRouter: Application {
    private let http: (any Application)?
    private let webSocket: (any Application)?
    private let channel: (any Application)?

    /// Creates a router with an application for each type of connection.
    public init(
        http: (any Application)? = nil, webSocket: (any Application)? = nil, channel: (any Application)? = nil
    ) {
        self.http = http
        self.webSocket = webSocket
        self.channel = channel
    }

    /// Returns nil if there is no application for the type: another route of the site may serve it. Channels raises an
    /// error instead.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        try await application(for: scope)?.resolve(scope)
    }

    /// Resolves without waiting if the application for the type can.
    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution {
        try application(for: scope)?.resolveNow(scope) ?? .resolved(nil)
    }

    private func application(for scope: Scope) -> (any Application)? {
        switch scope.type {
        case .http: http
        case .webSocket: webSocket
        case .channel: channel
        }
    }

    /// The pages of `http` and the sockets of `webSocket`.
    public var urlPatterns: [URLPattern] {
        // A response serves both types. List it once if both parameters are the same router.
        (http?.urlPatterns ?? []).filter { $0.kind != .webSocket }
            + (webSocket?.urlPatterns ?? []).filter { $0.kind == .webSocket || $0.kind == nil && http == nil }
    }

    /// The channels of `channel`.
    public var channelNames: [String] { channel?.channelNames ?? [] }
}

/// A router by the channel that a worker reads; Channels' `ChannelNameRouter`.
///
/// ```swift
/// @RouteBuilder var routes: [Route] {
///     path("photos/", PhotosView())
///     ChannelNameRouter(["thumbnails": Thumbnails.init])
/// }
/// ```
public struct ChannelNameRouter: Application {
    private let applications: [String: any Application]

    /// Creates a router with an application for each channel.
    public init(_ applications: [String: any Application]) {
        self.applications = applications
    }

    /// Returns nil if the router has no application for the channel. Another router of the site may have one.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard let channel = scope.channel, let application = applications[channel] else { return nil }
        return try await application.resolve(scope)
    }

    /// Resolves without waiting if the channel's application can.
    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution {
        guard let channel = scope.channel, let application = applications[channel] else { return .resolved(nil) }
        return try application.resolveNow(scope)
    }

    /// The names of the routed channels, sorted.
    public var channelNames: [String] { applications.keys.sorted() }
}
