package import StraitHTTP
package import StraitLayers
package import StraitRouting
package import StraitWebSocket

/// What became of a message that was sent.
public enum SendState: Sendable, Hashable {
    /// It is under way.
    case sent
    /// It is queued, but the peer reads more slowly than it is sent to: wait with ``Consumer/drained()``.
    case behind
    /// It was dropped and counted: the socket is closed, or so far behind that it is being disconnected.
    case dropped
}

/// What a consumer acts on: a WebSocket on a connection, or a test's communicator. Loop-bound.
package protocol ConsumerTransport: AnyObject {
    /// The changes that middleware makes to the headers of the 101 response, before ``accept(subprotocol:headers:)``.
    var acceptChanges: [Resolution.AcceptChange] { get }
    /// Answers the handshake with 101. `subprotocol` is one that the client offered.
    func accept(subprotocol: String?, headers: HTTPFields)
    /// Answers the handshake with a refusal.
    func deny(_ response: Response)
    /// Only called while ``ConsumerSession/isOpen``. What is dropped is counted here.
    func send(_ message: Message) -> SendState
    /// Sends events of a group as they are made for all of its members. Only called while ``ConsumerSession/isOpen``.
    func forward(_ batch: EventBatch)
    /// Whether the peer has so much to take that events wait for it where their groups' policies can be met.
    var isBehind: Bool { get }
    /// Disconnects the peer, which is further behind than it may be; `what` says how, as the rest of a sentence.
    func overflow(_ what: String)
    /// Begins the closing handshake, or refuses with 403 where nothing was accepted yet.
    func close(_ code: CloseCode, reason: String)
    /// The messages that arrived before the peer's close frame are handled: the closing handshake may be completed.
    func answered()
    /// Delivers no more until ``resume()``.
    func pause()
    func resume()
    /// Calls `call` once when what is queued has fallen to the low mark, or the socket is over.
    func whenDrained(_ call: @escaping () -> Void)
    /// The consumer failed with `error`; a refusal or a closing handshake follows where one is possible. Nothing has to be
    /// done about it: it is logged already.
    func failed(_ error: any Error)
    /// How long the peer took to answer the latest ping; nil where it answered none.
    var latency: Duration? { get }
    /// The session is over: `disconnect` has returned. Called once, last.
    func sessionEnded()
}

extension ConsumerTransport {
    package func failed(_ error: any Error) {}
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
    func answered() {}
    func pause() {}
    func resume() {}
    func whenDrained(_ call: @escaping () -> Void) { call() }
    var latency: Duration? { nil }
    func sessionEnded() {}
}
