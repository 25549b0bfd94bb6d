/// Picks an application by the channel that a worker reads; Channels' `ChannelNameRouter`.
///
/// ```swift
/// @RouteBuilder var routes: [Route] {
///     path("photos/", PhotosView())
///     ChannelNameRouter(["thumbnails": Thumbnails.init])
/// }
/// ```
public struct ChannelNameRouter: Application {
    private let applications: [String: any Application]

    /// A router to `applications`, by the names of their channels.
    public init(_ applications: [String: any Application]) {
        self.applications = applications
    }

    /// Nil if there is no application for the channel: another router of the site may have one.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard let channel = scope.channel, let application = applications[channel] else { return nil }
        return try await application.resolve(scope)
    }

    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution {
        guard let channel = scope.channel, let application = applications[channel] else { return .resolved(nil) }
        return try application.resolveNow(scope)
    }

    public var channelNames: [String] { applications.keys.sorted() }
}
