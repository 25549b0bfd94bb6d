package import StraitNetwork

/// The server's interface for long-running request handlers. Its methods are called on ``loop``.
package protocol RequestHost: AnyObject, Sendable {
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
