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

    /// Nil if there is no application for the kind: a site's other routes and apps may have one. Channels raises there.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        try await application(for: scope)?.resolve(scope)
    }

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

    public var urlPatterns: [URLPattern] {
        // A response that answers both kinds is one route where one router is given for both.
        (http?.urlPatterns ?? []).filter { $0.kind != .webSocket }
            + (webSocket?.urlPatterns ?? []).filter { $0.kind == .webSocket || $0.kind == nil && http == nil }
    }

    public var channelNames: [String] { channel?.channelNames ?? [] }
}
