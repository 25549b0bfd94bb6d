internal import StraitHTTP
public import StraitNetwork

/// Admits WebSockets from pages of listed sites only; Channels' `OriginValidator`.
///
/// A browser lets any page open a socket to any site and sends the user's cookies along; the `Origin` field is what
/// tells where the page came from. The list may hold `*`, domains (`example.com`, or `.example.com` with all beneath
/// it) with any scheme and port, and whole origins (`https://example.com`, default ports understood). `*.example.com`
/// is no wildcard. What follows the host and port, such as a slash, is ignored. A handshake without an `Origin`, or with
/// one that cannot be read, is refused unless `*` is listed.
public struct OriginValidator: StagedMiddleware {
    public let inner: any Application
    private let check: Stage
    package var stage: any MiddlewareStage { check }

    /// - Parameters:
    ///   - allowed: The patterns. One that cannot be read allows nothing, and is reported to `log` as an error.
    ///   - log: Where refusals are noted.
    public init(_ inner: any Application, allowed: [String], log: Log = Log()) {
        self.inner = inner
        let patterns = allowed.map(OriginPattern.init)
        check = Stage(patterns: patterns, log: log)
        for (text, pattern) in zip(allowed, patterns) where pattern.allowsNothing {
            log.error(
                "OriginValidator cannot read \(text.debugDescription), which allows nothing. Write a domain "
                    + "('example.com', or '.example.com' with all beneath it), an origin ('https://example.com:8443') or '*'."
            )
        }
    }

    /// Plain requests pass, because they are protected otherwise. Channels raises there.
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
