/// Picks an application by the kind of connection; Channels' `ProtocolTypeRouter`.
public struct ProtocolTypeRouter: Application {
    private let http: (any Application)?
    private let webSocket: (any Application)?
    private let channel: (any Application)?

    public init(
        http: (any Application)? = nil, webSocket: (any Application)? = nil, channel: (any Application)? = nil
    ) {
        self.http = http
        self.webSocket = webSocket
        self.channel = channel
    }

    /// - Throws: ``RoutingError`` where there is no application for the kind.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        let application =
            switch scope.type {
            case .http: http
            case .webSocket: webSocket
            case .channel: channel
            }
        guard let application else { throw RoutingError.noApplication(scope.type.rawValue) }
        return try await application.resolve(scope)
    }

    public var urlPatterns: [URLPattern] {
        // A response that answers both kinds is one route where one router is given for both.
        (http?.urlPatterns ?? []).filter { $0.kind != .webSocket }
            + (webSocket?.urlPatterns ?? []).filter { $0.kind == .webSocket || $0.kind == nil && http == nil }
    }

    public var channelNames: [String] { channel?.channelNames ?? [] }
}
