internal import StraitHTTP
public import StraitNetwork

/// Admits WebSockets from pages of listed sites only; Channels' `OriginValidator`.
///
/// A browser lets any page open a socket to any site and sends the user's cookies along; the `Origin` field is what
/// tells where the page came from. The list may hold `*`, domains (`example.com`, or `.example.com` with all beneath
/// it) with any scheme and port, and whole origins (`https://example.com`, default ports understood). `*.example.com`
/// is no wildcard. What follows the host and port, such as a slash, is ignored. A handshake without an `Origin`, or with one that cannot be read, is refused unless `*` is listed.
public struct OriginValidator: Middleware {
    public let inner: any Application
    private let patterns: [OriginPattern]
    private let log: Log

    /// - Parameters:
    ///   - allowed: The patterns. One that cannot be read allows nothing, and is reported to `log` as an error.
    ///   - log: Where refusals are noted.
    public init(_ inner: any Application, allowed: [String], log: Log = Log()) {
        self.inner = inner
        patterns = allowed.map(OriginPattern.init)
        self.log = log
        for (text, pattern) in zip(allowed, patterns) where pattern.allowsNothing {
            log.error(
                "OriginValidator cannot read \(text.debugDescription), which allows nothing. Write a domain "
                    + "('example.com', or '.example.com' with all beneath it), an origin ('https://example.com:8443') or '*'."
            )
        }
    }

    /// Plain requests pass: they have other protections. Channels raises there.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard scope.type == .webSocket else { return try await inner.resolve(scope) }
        let origin = scope.headers["origin"]
        if allows(origin) {
            var resolution = try await inner.resolve(scope)
            resolution?.originIsChecked = true
            return resolution
        }
        log.warning(
            "Refused a WebSocket to \(scope.path): the origin \(origin?.debugDescription ?? "(none)") is not allowed.")
        return Resolution(scope: scope, endpoint: .response(.text("The origin is not allowed.\n", status: .forbidden)))
    }

    private func allows(_ text: String?) -> Bool {
        if patterns.contains(where: \.allowsAnything) { return true }
        guard let origin = text.flatMap(Origin.init) else { return false }
        return patterns.contains { $0.allows(origin) }
    }
}
