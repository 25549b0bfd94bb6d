internal import StraitHTTP
public import StraitRouting

/// Redirects a path that has no route to the same with a slash behind it, where that has one; Django's `APPEND_SLASH`.
/// A method that changes something keeps its method and its body (308).
public struct AppendSlashMiddleware: Middleware {
    public let inner: any Application

    public init(_ inner: any Application) {
        self.inner = inner
    }

    public func resolve(_ scope: Scope) async throws -> Resolution? {
        if let resolution = try await inner.resolve(scope) { return resolution }
        guard scope.type == .http, scope.path.utf8.last != UInt8(ascii: "/") else { return nil }
        var other = scope
        other.path += "/"
        guard let found = try await inner.resolve(other), !found.isLastResort else { return nil }
        // Two slashes at the front would name another host, and browsers take a backslash for a slash.
        var path = "/" + scope.mountedRawPath.drop { $0 == "/" } + "/"
        if path.utf8.contains(0x5C) {
            path = path.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "%5C")
        }
        let query = scope.queryString.isEmpty ? "" : "?" + scope.queryString
        var response = Response.redirect(to: path + query, permanent: true)
        if scope.method != .get, scope.method != .head { response.status = .permanentRedirect }
        return Resolution(scope: scope, endpoint: .response(response))
    }
}
