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
