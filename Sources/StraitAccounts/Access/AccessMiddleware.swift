internal import StraitCore
internal import StraitConsumers
public import StraitHTTP
public import StraitRouting
internal import StraitWeb
public import StraitWebSocket

/// Middleware that checks the user of a route's pages and sockets. `loginRequired`, `permissionRequired` and
/// `userPassesTest` create it.
///
/// A page redirects other visitors to `LOGIN_URL`, with the page's path as the parameter `next`.
public struct AccessMiddleware: Middleware {
    /// The application whose users are checked.
    public let inner: any Application
    private let raisesException: Bool
    private let sockets: SocketRefusal
    private let test: @Sendable (RequestUser) async throws -> Bool

    init(
        _ inner: any Application, raisesException: Bool, sockets: SocketRefusal,
        test: @escaping @Sendable (RequestUser) async throws -> Bool
    ) {
        self.inner = inner
        self.raisesException = raisesException
        self.sockets = sockets
        self.test = test
    }

    /// Resolves the scope, and replaces the endpoint if the user does not pass.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard let resolution = try await inner.resolve(scope) else { return nil }
        guard scope.type != .channel, !resolution.isLastResort else { return resolution }
        if try await test(try await scope.user) { return resolution }
        if scope.type == .http {
            let response = raisesException ? Response.status(.forbidden) : try scope.redirectToLogin()
            return Resolution(scope: scope, endpoint: .response(response))
        }
        switch sockets {
        case .handshake: return Resolution(scope: scope, endpoint: .response(.status(.forbidden)))
        case .close(let code, let reason):
            return Resolution(scope: resolution.scope, endpoint: .consumer(RefusedSocket(code, reason)))
        }
    }
}

/// The way to refuse a socket whose user may not use it.
public enum SocketRefusal: Sendable, Hashable {
    /// The handshake is answered with 403. A script in a browser cannot read that status.
    case handshake
    /// The socket is accepted and closed with a code and a reason, which a script can read.
    case close(CloseCode, reason: String)

    /// Closes the socket with 4401, as a logout does.
    public static let afterAccept = SocketRefusal.close(4401, reason: "login required")
}

/// A socket that is closed after it was accepted.
private final class RefusedSocket: WebSocketConsumer {
    private let code: CloseCode
    private let reason: String

    init(_ code: CloseCode, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    override func connect() async throws {
        accept()
        close(code, reason: reason)
    }
}

extension Scope {
    /// Returns the redirect to the login page, which leads back to this page; Django's `redirect_to_login`.
    func redirectToLogin() throws -> Response {
        let login = try resolvedURL(\.loginURL)
        let page = mountedRawPath + (queryString.isEmpty ? "" : "?" + queryString)
        let next = QueryString([QueryString.Item(name: "next", value: page)]).encoded.replacing("%2F", with: "/")
        return .redirect(to: login + (login.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + next)
    }

    /// The URL for a setting that is a path or the name of a route; Django's `resolve_url`.
    func resolvedURL(_ setting: KeyPath<Settings, String>) throws -> String {
        guard let site else { return Settings()[keyPath: setting] }
        return try resolvedURL(site.settings[keyPath: setting])
    }

    func resolvedURL(_ text: String) throws -> String {
        let isPath = text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }
        return isPath ? text : try reverse(text)
    }
}
