public import StraitWebSocket

/// What happens to a consumer, in order. Channels' `websocket.connect`, `websocket.receive`, `websocket.disconnect`.
public enum ConsumerEvent: Sendable {
    /// The handshake arrived; nothing was answered yet.
    case connect
    /// A whole message arrived.
    case receive(Message)
    /// The socket is over. Always the last event, and there is exactly one.
    case disconnect(Close)
}

/// The events that wait for a consumer, in order, with a limit in bytes.
///
/// A consumer takes one event after the other. What its peer sends meanwhile waits here, and past ``limit`` the
/// connection is no longer read: TCP then slows the peer down.
struct Mailbox {
    /// What one event costs besides its payload, so that empty messages fill the mailbox too.
    static let overhead = 64

    private var events: [ConsumerEvent] = []
    private var head = 0
    private(set) var bytes = 0
    let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { head == events.count }
    var count: Int { events.count - head }
    var isFull: Bool { bytes >= limit }
    /// Whether there is room again, with some distance to being full so that reading does not start and stop all the time.
    var hasRoom: Bool { bytes <= limit / 2 }

    mutating func append(_ event: ConsumerEvent) {
        bytes += Self.cost(event)
        events.append(event)
    }

    mutating func popFirst() -> ConsumerEvent? {
        guard head < events.count else { return nil }
        let event = events[head]
        head += 1
        bytes -= Self.cost(event)
        if head == events.count {
            // An idle socket keeps a little memory at most.
            events.removeAll(keepingCapacity: head <= 32)
            head = 0
        }
        return event
    }

    /// Drops what waits, and says how many messages were among it.
    mutating func removeAll() -> Int {
        let dropped = count
        events = []
        head = 0
        bytes = 0
        return dropped
    }

    /// Gives memory back while nothing happens.
    mutating func shrink() {
        if isEmpty { events = [] }
    }

    private static func cost(_ event: ConsumerEvent) -> Int {
        if case .receive(let message) = event { return overhead + message.payload.count }
        return overhead
    }
}
