package import StraitHTTP
package import StraitLayers
package import StraitRouting
package import StraitWebSocket

/// The result of sending a message.
public enum SendState: Sendable, Hashable {
    /// The message is on its way.
    case sent
    /// The message is queued, but the peer reads more slowly than the consumer sends. Wait with ``Consumer/drained()``.
    case behind
    /// The message was dropped and counted. The socket is closed, or is being disconnected because it is too far
    /// behind.
    case dropped
}

/// The target of a consumer's actions: a WebSocket connection, or a test's communicator. Loop-bound.
package protocol ConsumerTransport: AnyObject {
    /// The changes that middleware makes to the headers of the 101 response, before ``accept(subprotocol:headers:)``.
    var acceptChanges: [Resolution.AcceptChange] { get }
    /// Answers the handshake with 101. `subprotocol` is one that the client offered.
    func accept(subprotocol: String?, headers: HTTPFields)
    /// Rejects the handshake with `response`.
    func deny(_ response: Response)
    /// Sends a message, or drops and counts it. Called only while ``ConsumerSession/isOpen``.
    func send(_ message: Message) -> SendState
    /// Sends events of a group, in the form that all members share. Called only while ``ConsumerSession/isOpen``.
    func forward(_ batch: EventBatch)
    /// Whether the peer has so much unsent data that events are queued. Group policies can then apply to them.
    var isBehind: Bool { get }
    /// Disconnects a peer that is too far behind. `what` is the rest of a sentence that describes the backlog.
    func overflow(_ what: String)
    /// Starts the closing handshake. Rejects the handshake with 403 if nothing was accepted yet.
    func close(_ code: CloseCode, reason: String)
    /// Completes the closing handshake, because the messages before the peer's close frame have been handled.
    func sendCloseReply()
    /// Stops the delivery of messages until ``resume()``.
    func pause()
    /// Continues the delivery of messages.
    func resume()
    /// Calls `call` once when the queued data has fallen to the low mark, or the socket has ended.
    func whenDrained(_ call: @escaping () -> Void)
    /// Notifies the transport of the consumer's error, which has already been logged. The session then rejects the
    /// handshake or closes the socket, if possible.
    func failed(_ error: any Error)
    /// The round-trip time of the latest answered ping; nil if there is none.
    var latency: Duration? { get }
    /// Notifies the transport that `disconnect` has returned. Called once, as the last call.
    func sessionEnded()
}

/// The transport of a session without a connection.
final class NoTransport: ConsumerTransport {
    var acceptChanges: [Resolution.AcceptChange] { [] }
    func accept(subprotocol: String?, headers: HTTPFields) {}
    func deny(_ response: Response) {}
    func send(_ message: Message) -> SendState { .dropped }
    func forward(_ batch: EventBatch) {}
    var isBehind: Bool { false }
    func overflow(_ what: String) {}
    func close(_ code: CloseCode, reason: String) {}
    func sendCloseReply() {}
    func pause() {}
    func resume() {}
    func whenDrained(_ call: @escaping () -> Void) { call() }
    func failed(_ error: any Error) {}
    var latency: Duration? { nil }
    func sessionEnded() {}
}
