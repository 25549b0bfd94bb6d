public import StraitCore
internal import Synchronization

/// A plain HTTP request: its scope and its body.
public struct Request: Sendable, ServiceProvider {
    /// The request's scope, which includes its headers.
    public var scope: Scope
    /// The body, which can be read once.
    public let body: RequestBody
    /// The server that handles the request, or nil for a request that was created directly.
    package let host: (any ServerContext)?
    /// The values that all copies of the request share.
    package let storage: RequestStorage

    /// Creates a request for tests.
    public init(scope: Scope, body: RequestBody = RequestBody()) {
        self.scope = scope
        self.body = body
        host = nil
        storage = RequestStorage()
    }

    package init(scope: Scope, body: RequestBody, host: any ServerContext) {
        self.scope = scope
        self.body = body
        self.host = host
        storage = RequestStorage()
    }

    /// Creates a copy of `request` with another body, for a handler whose request's body has already been read.
    package init(_ request: Request, body: RequestBody) {
        scope = request.scope
        self.body = body
        host = request.host
        storage = request.storage
    }

    /// The site's services.
    public var services: Services { scope.services }
    /// The request's method.
    public var method: HTTPMethod { scope.method }
    /// The complete decoded path; see ``Scope/path``.
    public var path: String { scope.path }
    /// The request's headers.
    public var headers: HTTPFields { scope.headers }
    /// The parsed query. Each access parses it again.
    public var query: QueryString { scope.query }
    /// The arguments and the name of the matching routes.
    public var urlRoute: URLRoute { scope.urlRoute }
    /// The request's cookies; see ``Scope/cookies``.
    public var cookies: [String: String] { scope.cookies }
}

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

/// Values that all copies of a request share. For example, middleware may begin to read a form that the handler
/// finishes.
package final class RequestStorage: Sendable {
    private let values = Mutex<[ObjectIdentifier: any Sendable]>([:])

    /// Creates an empty storage.
    package init() {}

    /// Returns the stored value of a type, or stores and returns the result of `make`.
    package func value<Value: Sendable>(_ type: Value.Type = Value.self, _ make: () -> Value) -> Value {
        values.withLock { values in
            if let value = values[ObjectIdentifier(type)] as? Value { return value }
            let value = make()
            values[ObjectIdentifier(type)] = value
            return value
        }
    }
}

/// The server's interface for long-running request handlers. Its methods are called on ``loop``.
package protocol ServerContext: AnyObject, Sendable {
    /// The event loop of the request's connection.
    var loop: EventLoop { get }
    /// The log for the handler's errors.
    var log: Log { get }
    /// The time that a consumer may run after its request has ended. The server then cancels it and logs its name.
    var closeTimeout: Duration { get }
    /// Registers a new consumer. The server waits for it when it stops.
    func consumerBegan()
    /// Reports that a consumer's `disconnect` has returned.
    func consumerEnded()
}
