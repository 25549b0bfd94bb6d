public import StraitCore
internal import StraitHTTP

/// Middleware that admits WebSockets only from pages of the same site. The server wraps every application in it. It
/// skips handshakes that an ``OriginValidator`` on the route has admitted.
///
/// A handshake without an `Origin` header is admitted. It does not come from a page in a browser, so no cookies were
/// sent without the user's knowledge. Otherwise the origin's host and port have to match the `Host` header. A missing
/// port means the default port of the origin's scheme, even if a proxy terminates TLS. Plain requests pass.
public struct SameOriginCheck: StagedMiddleware {
    /// The application that admitted handshakes and plain requests reach.
    public let inner: any Application
    private let check: Stage
    package var stage: any MiddlewareStage { check }

    /// Creates the check.
    ///
    /// - Parameters:
    ///   - inner: The application to protect.
    ///   - log: The log for refusals.
    ///   - loopbackIsOneHost: Whether `localhost`, `127.0.0.1` and `[::1]` count as the same host, for development.
    public init(_ inner: any Application, log: Log = Log(), loopbackIsOneHost: Bool = false) {
        self.inner = inner
        check = Stage(log: log, loopbackIsOneHost: loopbackIsOneHost)
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .leave
        let log: Log
        let loopbackIsOneHost: Bool

        init(log: Log, loopbackIsOneHost: Bool) {
            self.log = log
            self.loopbackIsOneHost = loopbackIsOneHost
        }

        /// Checks the origin after the application has resolved: only the resolution shows whether a validator admitted
        /// it.
        func leave(_ resolution: inout Resolution?, _ scope: Scope) {
            guard let found = resolution, scope.type == .webSocket, case .webSocket = found.endpoint,
                !found.originIsChecked, let text = scope.headers["origin"],
                !SameOriginCheck.isSame(text, host: scope.headers["host"], loopbackIsOneHost: loopbackIsOneHost)
            else { return }
            log.warning(
                "Refused a WebSocket: the Origin and Host headers differ. Allow other sites with an OriginValidator.",
                metadata: [
                    "path": "\(scope.path)", "origin": "\(text)", "host": "\(scope.headers["host"] ?? "")",
                ])
            resolution = Resolution(
                scope: scope, endpoint: .response(.text("The origin is not this site.\n", status: .forbidden)))
        }
    }

    /// Whether `origin` and `host` belong to the same site.
    package static func isSame(_ origin: String, host: String?, loopbackIsOneHost: Bool = false) -> Bool {
        guard let origin = Origin(origin), let host, let authority = HTTPAuthority(host.utf8.span) else { return false }
        let isOneHost =
            origin.authority.host == authority.host
            || loopbackIsOneHost && origin.authority.isLoopback && authority.isLoopback
        return isOneHost
            && origin.port == (authority.port ?? HTTPAuthority.defaultPort(of: origin.scheme))
    }
}
