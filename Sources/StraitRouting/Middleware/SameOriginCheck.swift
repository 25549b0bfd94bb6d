internal import StraitHTTP
public import StraitNetwork

/// Admits WebSockets from pages of this very site; what the server puts around every application. Where an
/// ``OriginValidator`` on the way to the socket admitted the page, this check has nothing to add.
///
/// A handshake without `Origin` does not come from a browser's page and carries no user's cookies unasked, so it is
/// admitted. Otherwise the origin's host and port have to be those of the `Host` field; the port that neither names is
/// the origin's scheme's, so that a proxy which ends TLS changes nothing. Plain requests pass.
public struct SameOriginCheck: StagedMiddleware {
    public let inner: any Application
    private let check: Stage
    package var stage: any MiddlewareStage { check }

    /// - Parameters:
    ///   - log: The log for refusals.
    ///   - loopbackIsOneHost: Whether `localhost`, `127.0.0.1` and `[::1]` are the same host; for development.
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

        /// The application is asked first: only the resolution shows whether a validator on the way has decided.
        func leave(_ resolution: inout Resolution?, _ scope: Scope) {
            guard let found = resolution, scope.type == .webSocket, case .webSocket = found.endpoint,
                !found.originIsChecked, let text = scope.headers["origin"],
                !SameOriginCheck.isSame(text, host: scope.headers["host"], loopbackIsOneHost: loopbackIsOneHost)
            else { return }
            log.warning(
                "Refused a WebSocket: its origin is not the host. Allow other sites with an OriginValidator.",
                metadata: [
                    "path": "\(scope.path)", "origin": "\(text)", "host": "\(scope.headers["host"] ?? "")",
                ])
            resolution = Resolution(
                scope: scope, endpoint: .response(.text("The origin is not this site.\n", status: .forbidden)))
        }
    }

    /// Whether `origin` and `host` are one site.
    package static func isSame(_ origin: String, host: String?, loopbackIsOneHost: Bool = false) -> Bool {
        guard let origin = Origin(origin), let host, let authority = HTTPAuthority(host.utf8.span) else { return false }
        let isOneHost =
            origin.authority.host == authority.host
            || loopbackIsOneHost && origin.authority.isLoopback && authority.isLoopback
        return isOneHost
            && origin.port == (authority.port ?? HTTPAuthority.defaultPort(of: origin.scheme))
    }
}
