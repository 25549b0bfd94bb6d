public import StraitNetwork

extension Request {
    /// The request's log. If `RequestIDMiddleware` is installed, each line includes the request's ID: `request-id=…`.
    ///
    /// ```swift
    /// request.log.info("order placed", metadata: ["order": "\(order.id)"])
    /// ```
    public var log: Log { (host?.log ?? Log()).about(scope) }
}

extension Log {
    /// Returns this log with the ID of the scope's request in its metadata.
    package func about(_ scope: Scope) -> Log {
        guard let id = scope.requestID else { return self }
        var log = self
        log[metadataKey: "request-id"] = "\(id)"
        return log
    }
}
