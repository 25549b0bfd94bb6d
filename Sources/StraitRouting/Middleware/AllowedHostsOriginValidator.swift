public import StraitNetwork

/// An ``OriginValidator`` that allows the application's own hosts; Channels' `AllowedHostsOriginValidator`.
public struct AllowedHostsOriginValidator: StagedMiddleware {
    private let validator: OriginValidator
    /// The application that admitted handshakes and plain requests reach.
    public var inner: any Application { validator.inner }

    /// Creates the validator.
    ///
    /// - Parameters:
    ///   - inner: The application to protect.
    ///   - allowedHosts: The host patterns of Django's `ALLOWED_HOSTS`.
    ///   - debug: Whether an empty `allowedHosts` allows `localhost`, `127.0.0.1` and `[::1]`.
    ///   - log: The log for refusals.
    public init(_ inner: any Application, allowedHosts: [String], debug: Bool = false, log: Log = Log()) {
        let hosts = debug && allowedHosts.isEmpty ? ["localhost", "127.0.0.1", "[::1]"] : allowedHosts
        validator = OriginValidator(inner, allowed: hosts, log: log)
    }

    package var stage: any MiddlewareStage { validator.stage }
}
