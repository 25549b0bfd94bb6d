public import StraitNetwork

/// An ``OriginValidator`` of the hosts that the application answers for; Channels' `AllowedHostsOriginValidator`.
public struct AllowedHostsOriginValidator: StagedMiddleware {
    private let validator: OriginValidator
    public var inner: any Application { validator.inner }

    /// - Parameters:
    ///   - allowedHosts: Django's `ALLOWED_HOSTS`.
    ///   - debug: With true and no hosts, `localhost`, `127.0.0.1` and `[::1]` are allowed.
    public init(_ inner: any Application, allowedHosts: [String], debug: Bool = false, log: Log = Log()) {
        let hosts = debug && allowedHosts.isEmpty ? ["localhost", "127.0.0.1", "[::1]"] : allowedHosts
        validator = OriginValidator(inner, allowed: hosts, log: log)
    }

    package var stage: any MiddlewareStage { validator.stage }
}
