public import StraitNetwork

extension Request {
    /// The log of this request: each line of it has the request's ID, `request-id=…`, if `RequestIDMiddleware` assigned
    /// one.
    ///
    /// ```swift
    /// request.log.info("order placed", metadata: ["order": "\(order.id)"])
    /// ```
    public var log: Log { (host?.log ?? Log()).about(scope) }
}

extension Log {
    /// This log, with the ID of the request of `scope` in its metadata.
    package func about(_ scope: Scope) -> Log {
        guard let id = scope.requestID else { return self }
        var log = self
        log[metadataKey: "request-id"] = "\(id)"
        return log
    }
}
