internal import StraitHTTP
public import StraitRouting

/// Redirects a path without a route to the same path with a slash at its end, if that has one; Django's
/// `CommonMiddleware` and `APPEND_SLASH`. A method that changes something keeps its method and its body (308).
public struct CommonMiddleware: StagedMiddleware {
    public let inner: any Application
    private let slashes: Stage
    package var stage: any MiddlewareStage { slashes }

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
            // Two slashes at the front would name another host, and browsers take a backslash for a slash.
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
