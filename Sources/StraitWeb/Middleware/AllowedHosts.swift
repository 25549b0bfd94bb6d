internal import StraitCore
import StraitHTTP
public import StraitRouting

/// Middleware that rejects requests and sockets with 400 if the host name is not one of the site's. Django's
/// `ALLOWED_HOSTS`.
///
/// Without this check, a client could choose the host name that the site's own links contain.
public struct AllowedHostsMiddleware: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    let hosts: AllowedHosts
    package var stage: any MiddlewareStage { hosts }

    /// Wraps `inner` in a check against `ALLOWED_HOSTS`.
    public init(_ inner: any Application, settings: Settings) {
        self.inner = inner
        hosts = AllowedHosts(settings)
    }
}

/// The stage that checks host names against those of a site.
final class AllowedHosts: MiddlewareStage {
    let hooks: StageHooks = .enter
    private let hosts: [String]
    /// The names in `hosts` that can be compared as they are. Entries with a colon and empty ones are left out.
    private let exact: Set<String>
    private let allowsAll: Bool
    private let isDebug: Bool

    /// The hosts allowed with `DEBUG` if `ALLOWED_HOSTS` is empty.
    static let local = [".localhost", "127.0.0.1", "[::1]"]

    init(_ settings: Settings) {
        isDebug = settings.debug
        hosts = (settings.debug && settings.allowedHosts.isEmpty ? Self.local : settings.allowedHosts)
            .map { $0.lowercased() }
        exact = Set(hosts.filter { !$0.isEmpty && !$0.contains(":") })
        allowsAll = exact.contains("*")
    }

    func enter(_ scope: inout Scope) -> Endpoint? {
        if scope.type == .channel || allowsAll || allows(scope.headers["host"] ?? "") { return nil }
        let refusal = refusal(scope)
        // A socket is rejected with a response too. Only the rejection of a request is logged.
        return scope.type == .http ? .http(RefusedHost(response: refusal)) : .response(refusal)
    }

    /// Whether `text` names the site. It is a host with or without a port.
    func allows(_ text: String) -> Bool {
        if allowsAll || exact.contains(text) { return true }
        guard let authority = HTTPAuthority(text.utf8.span) else { return false }
        // A name may end with the dot of the DNS root.
        var host = authority.host
        if host.hasSuffix(".") { host.removeLast() }
        return hosts.contains { HTTPAuthority.isSameDomain(host, $0) }
    }

    private func refusal(_ scope: Scope) -> Response {
        guard isDebug else { return .status(.badRequest) }
        let host = scope.headers["host"] ?? ""
        return .text(
            "The host '\(host)' is not in ALLOWED_HOSTS (\(hosts.joined(separator: ", "))). Add it there.\n",
            status: .badRequest)
    }
}

/// A handler that rejects requests for a host that is not one of the site's.
private struct RefusedHost: ImmediateHandler {
    let response: Response

    func answer(_ request: Request) -> Response {
        request.log.warning(
            "Rejected a request: its host is not in ALLOWED_HOSTS. Add it there if it is the site's.",
            metadata: ["host": "\(request.headers["host"] ?? "")", "path": "\(request.scope.rawPath)"])
        return response
    }
}
