internal import StraitHTTP
internal import StraitNetwork
public import StraitRouting

/// Rejects requests and sockets for a host name that is not the site's (400): a client that could choose the host name
/// could make the site's own links lead elsewhere. Django's `ALLOWED_HOSTS`.
public struct AllowedHostsMiddleware: StagedMiddleware {
    public let inner: any Application
    let hosts: AllowedHosts
    package var stage: any MiddlewareStage { hosts }

    public init(_ inner: any Application, settings: Settings) {
        self.inner = inner
        hosts = AllowedHosts(settings)
    }
}

/// The host names of a site.
final class AllowedHosts: MiddlewareStage {
    let hooks: StageHooks = .enter
    private let hosts: [String]
    /// The same, to find those that are named as they stand here: no address in brackets, nor what names nothing.
    private let exact: Set<String>
    private let allowsAll: Bool
    private let isDebug: Bool

    /// The hosts that are allowed with `DEBUG` where none are given.
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
        // A socket's refusal is a response, too; a page's says in the log why.
        return scope.type == .http ? .http(RefusedHost(response: refusal)) : .response(refusal)
    }

    /// Whether the site answers under `text`, a host with or without a port.
    func allows(_ text: String) -> Bool {
        if allowsAll || exact.contains(text) { return true }
        guard let authority = HTTPAuthority(text.utf8.span) else { return false }
        // A name may end with the root's dot.
        var host = authority.host
        if host.hasSuffix(".") { host.removeLast() }
        return hosts.contains { HTTPAuthority.isSameDomain(host, $0) }
    }

    private func refusal(_ scope: Scope) -> Response {
        guard isDebug else { return .status(.badRequest) }
        let host = scope.headers["host"] ?? ""
        return .text(
            "The host '\(host)' is none of ALLOWED_HOSTS (\(hosts.joined(separator: ", "))). Add it there.\n",
            status: .badRequest)
    }
}

/// Answers a request for a host that is none of the site's.
private struct RefusedHost: ImmediateHandler {
    let response: Response

    func answer(_ request: Request) -> Response {
        request.log.warning(
            "Refused a request: its host is none of ALLOWED_HOSTS. Add it there if it is the site's.",
            metadata: ["host": "\(request.headers["host"] ?? "")", "path": "\(request.scope.rawPath)"])
        return response
    }
}
