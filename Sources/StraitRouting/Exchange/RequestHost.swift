package import StraitNetwork

/// The server as whoever answers a request for long knows it. Its methods are called on ``loop``.
package protocol RequestHost: AnyObject, Sendable {
    /// Where the request lives.
    var loop: EventLoop { get }
    /// Where whoever answers says what went wrong.
    var log: Log { get }
    /// How long a consumer may go on after its request was over before it is cancelled and named in the log.
    var closeTimeout: Duration { get }
    /// A consumer was made: a stop waits for it.
    func consumerBegan()
    /// A consumer's `disconnect` has returned.
    func consumerEnded()
}
