/// Picks an application by the channel that a worker reads; Channels' `ChannelNameRouter`.
///
/// ```swift
/// ProtocolTypeRouter(
///     http: pages, webSocket: sockets,
///     channel: ChannelNameRouter(["thumbnails": Thumbnails.self]))
/// ```
public struct ChannelNameRouter: Application {
    private let applications: [String: any Application]

    /// A router to `applications`, by the names of their channels.
    public init(_ applications: [String: any Application]) {
        self.applications = applications
    }

    /// - Throws: ``RoutingError`` where there is no application for the channel.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard let channel = scope.channel else { return nil }
        guard let application = applications[channel] else {
            throw RoutingError.noChannel(channel, known: channelNames)
        }
        return try await application.resolve(scope)
    }

    public var channelNames: [String] { applications.keys.sorted() }
}
