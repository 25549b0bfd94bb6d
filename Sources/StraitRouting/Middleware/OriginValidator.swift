internal import StraitHTTP
public import StraitNetwork

/// Middleware that admits WebSockets only from pages of the listed origins; Channels' `OriginValidator`.
///
/// A browser lets any page open a socket to any site, and it sends the user's cookies. The `Origin` header names the
/// page's origin. The list may contain:
///
/// - `*` for every origin;
/// - domains for any scheme and port: `example.com`, or `.example.com` to include its subdomains;
/// - origins: `https://example.com`, which includes the scheme's default port.
///
/// `*.example.com` is not a wildcard. Any text after the host and port is ignored. A handshake without a valid `Origin`
/// header is refused unless the list contains `*`.
public struct OriginValidator: StagedMiddleware {
    /// The application that admitted handshakes and plain requests reach.
    public let inner: any Application
    private let check: Stage
    package var stage: any MiddlewareStage { check }

    /// Creates the validator.
    ///
    /// - Parameters:
    ///   - inner: The application to protect.
    ///   - allowed: The patterns. An invalid pattern allows nothing, and the validator logs it as an error.
    ///   - log: The log for refusals and invalid patterns.
    public init(_ inner: any Application, allowed: [String], log: Log = Log()) {
        self.inner = inner
        let patterns = allowed.map(OriginPattern.init)
        check = Stage(patterns: patterns, log: log)
        for (text, pattern) in zip(allowed, patterns) where pattern.allowsNothing {
            log.error(
                "OriginValidator ignores the invalid pattern \(text.debugDescription). Write a domain "
                    + "('example.com', or '.example.com' to include its subdomains), an origin "
                    + "('https://example.com:8443') or '*'.")
        }
    }

    /// The check of handshakes. Plain requests pass because they have other protection. Channels raises an error
    /// instead.
    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = [.enter, .leave]
        let patterns: [OriginPattern]
        let log: Log

        init(patterns: [OriginPattern], log: Log) {
            self.patterns = patterns
            self.log = log
        }

        func enter(_ scope: inout Scope) -> Endpoint? {
            guard scope.type == .webSocket else { return nil }
            let origin = scope.headers["origin"]
            if allows(origin) { return nil }
            log.warning(
                "Refused a WebSocket: its origin is not allowed.",
                metadata: ["path": "\(scope.path)", "origin": "\(origin ?? "")"])
            return .response(.text("The origin is not allowed.\n", status: .forbidden))
        }

        func leave(_ resolution: inout Resolution?, _ scope: Scope) {
            if scope.type == .webSocket { resolution?.originIsChecked = true }
        }

        private func allows(_ text: String?) -> Bool {
            if patterns.contains(where: \.allowsAnything) { return true }
            guard let origin = text.flatMap(Origin.init) else { return false }
            return patterns.contains { $0.allows(origin) }
        }
    }
}
