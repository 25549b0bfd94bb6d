import StraitHTTP
public import StraitRouting

/// Middleware that redirects a path without a route to the same path with a slash, if that has a route. Django's
/// `CommonMiddleware` and `APPEND_SLASH`.
///
/// For methods other than `GET` and `HEAD`, the status 308 makes the client repeat the method and the body.
public struct CommonMiddleware: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    private let slashes: Stage
    package var stage: any MiddlewareStage { slashes }

    /// Wraps `inner` in the redirect, if `APPEND_SLASH` is on.
    public init(_ inner: any Application, settings: Settings) {
        self.inner = inner
        slashes = Stage(appendsSlash: settings.appendSlash)
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks
        private let appendsSlash: Bool

        init(appendsSlash: Bool) {
            self.appendsSlash = appendsSlash
            hooks = appendsSlash ? .alternative : []
        }

        func alternative(to scope: Scope) -> Scope? {
            guard appendsSlash, scope.type == .http, scope.path.utf8.last != UInt8(ascii: "/") else { return nil }
            var other = scope
            other.path += "/"
            return other
        }

        func answer(_ scope: Scope, whoseAlternativeLedTo found: Resolution) -> Endpoint? {
            if found.isLastResort { return nil }
            // Two leading slashes would name another host, and browsers read a backslash as a slash.
            var path = "/" + scope.mountedRawPath.drop { $0 == "/" } + "/"
            if path.utf8.contains(0x5C) {
                path = path.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "%5C")
            }
            let query = scope.queryString.isEmpty ? "" : "?" + scope.queryString
            var response = Response.redirect(to: path + query, permanent: true)
            if scope.method != .get, scope.method != .head { response.status = .permanentRedirect }
            return .response(response)
        }
    }
}
