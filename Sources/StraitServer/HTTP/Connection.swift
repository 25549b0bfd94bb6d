import StraitCore

/// A client's connection, which carries exchanges. Loop-bound.
///
/// It reads its stream and passes each exchange to ``ServerLoop/answer(_:)``. When its stream has closed, it calls
/// ``ServerLoop/remove(_:)`` once.
protocol Connection: AnyObject {
    var peer: SocketAddress { get }
    /// The start of the connection's idle time; nil during an exchange.
    var idleSince: Instant? { get }
    /// Closes the idle connection at once, because a new connection needs its descriptor. The kernel still delivers the
    /// bytes that it has accepted.
    func closeIdle()
    /// Ends the connection once its current exchanges have ended.
    func stop()
    /// Ends the connection at once and drops unsent bytes.
    func abort()
}
