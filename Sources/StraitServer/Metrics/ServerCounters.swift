package import StraitConsumers
public import StraitCore
internal import StraitHTTP
internal import StraitWebSocket
internal import Synchronization

/// Counters of a server's rare events over all its loops: drops, refusals and limits. ``LoopTraffic`` counts the
/// frequent ones.
package final class ServerCounters: Sendable {
    package let consumers = ConsumerCounters()
    private let afterClose = Atomic<Int>(0)
    private let unfinished = Atomic<Int>(0)
    private let limits = Mutex<[Limit: Int]>([:])
    private let refusals = Mutex<[Int: Int]>([:])
    private let closes = Mutex<[Int: Int]>([:])

    package init() {}

    /// The number of messages that arrived between the server's close frame and the client's.
    package var droppedAfterClose: Int { afterClose.load(ordering: .relaxed) }
    /// The number of bytes of unfinished messages.
    package var unfinishedBytes: Int { unfinished.load(ordering: .relaxed) }

    /// The number of times that a limit was reached.
    package func reached(_ limit: MetricsSnapshot.Limit) -> Int { limits.withLock { $0[limit] ?? 0 } }
    /// The refused handshakes by the response's status.
    package var refusedHandshakes: [Int: Int] { refusals.withLock { $0 } }
    /// The ended sockets by close code. Codes that a library or an application chose (3000 to 4999) count as 3000 or
    /// 4000, so that clients cannot fill the memory.
    package var closedSockets: [Int: Int] { closes.withLock { $0 } }

    /// Adds `change` to the bytes of unfinished messages and returns the new total.
    func holdUnfinished(_ change: Int) -> Int {
        unfinished.wrappingAdd(change, ordering: .relaxed).newValue
    }

    func reach(_ limit: Limit) { limits.withLock { $0[limit, default: 0] += 1 } }
    func dropAfterClose() { afterClose.wrappingAdd(1, ordering: .relaxed) }
    func refuseHandshake(_ status: HTTPStatus) { refusals.withLock { $0[status.code, default: 0] += 1 } }

    func closeSocket(_ code: CloseCode) {
        let code = code.rawValue < 3000 ? Int(code.rawValue) : code.rawValue < 4000 ? 3000 : 4000
        closes.withLock { $0[code, default: 0] += 1 }
    }

    /// Counts the limit, if any, for which a request was refused with `status`.
    func refuseRequest(_ status: HTTPStatus) {
        switch status {
        case .uriTooLong: reach(.requestLine)
        case .headerFieldsTooLarge: reach(.requestHeaders)
        case .contentTooLarge: reach(.requestBody)
        case .requestTimeout: reach(.requestTime)
        default: break
        }
    }
}

extension MetricsSnapshot {
    /// The kinds of dropped messages and events, as counted by ``/StraitCore/MetricsSnapshot/drops``.
    public enum Drop: String, Sendable, CaseIterable {
        /// Received messages that were not handled because their socket had ended.
        case received
        /// Messages that arrived between the server's close frame and the client's.
        case afterClose = "after_close"
        /// Messages to a socket that had ended or was too far behind.
        case sent
        /// Messages for which the consumer has no method.
        case unhandledMessages = "unhandled_messages"
        /// Events for which the consumer has no handler, or that it could not decode.
        case unhandledEvents = "unhandled_events"
        /// Events from groups and channels for a socket that had ended.
        case endedEvents = "ended_events"
        /// Events that expired while they waited for their consumer.
        case expiredEvents = "expired_events"
        /// Events that cannot be sent to a socket.
        case unsendableEvents = "unsendable_events"
        /// The oldest waiting events, dropped to make room: ``/StraitLayers/SlowConsumerPolicy/dropOldest``.
        case oldestEvents = "oldest_events"
        /// New events without room in the queue: ``/StraitLayers/SlowConsumerPolicy/dropNewest``.
        case newestEvents = "newest_events"
        /// Events that a later event replaced: ``/StraitLayers/SlowConsumerPolicy/keepLatest(by:)``.
        case replacedEvents = "replaced_events"
        /// Events for members that were disconnected because they were too slow:
        /// ``/StraitLayers/SlowConsumerPolicy/disconnect``.
        case slowMemberEvents = "slow_member_events"
    }
}

/// A short name for use in this module.
typealias Drop = MetricsSnapshot.Drop

extension MetricsSnapshot {
    /// The limits that clients, handlers or the machine can reach, as counted by
    /// ``/StraitCore/MetricsSnapshot/limits``.
    public enum Limit: String, Sendable, CaseIterable {
        /// A connection was refused because its address already had the maximum number:
        /// ``/StraitServer/ServerConfiguration/connectionsPerAddress``.
        case connectionsPerAddress = "connections_per_address"
        /// No connection could be accepted because the process had no descriptor left. Connections wait until one is
        /// free.
        case descriptors
        /// An idle connection was closed to make room for a new one.
        case idleConnections = "idle_connections"
        /// A request line was too long (414).
        case requestLine = "request_line"
        /// A request's headers were too large or too many (431).
        case requestHeaders = "request_headers"
        /// A request's body was too large (413).
        case requestBody = "request_body"
        /// A request took too long to arrive (408).
        case requestTime = "request_time"
        /// A consumer, or middleware, took too long to decide on a handshake (503).
        case handshakeTime = "handshake_time"
        /// A WebSocket message or frame was too large (1009).
        case messageSize = "message_size"
        /// A socket was closed because unfinished messages took too much memory (1013).
        case unfinishedMessages = "unfinished_messages"
        /// A socket was not read for a while because its compressed messages expand too much.
        case expansion
        /// A socket was not read for a while because its consumer's mailbox was full.
        case mailbox
        /// A client was disconnected because it read too slowly.
        case sendQueue = "send_queue"
        /// A group member was disconnected because too many events waited for it.
        case eventQueue = "event_queue"
        /// A client was disconnected because it did not answer a ping.
        case pingTime = "ping_time"
        /// A client sent no close frame in time.
        case closeTime = "close_time"
        /// A connection was closed because the client read none of the queued bytes for too long.
        case stallTime = "stall_time"
        /// A handler was cancelled because it ran for too long after its socket had closed.
        case handlerTime = "handler_time"
        /// An event loop was blocked for more than 100 ms and got no new connections.
        case loopTime = "loop_time"
        /// A connection was aborted because it did not end in time when the server stopped.
        case stopTime = "stop_time"
    }
}

/// A short name for use in this module.
typealias Limit = MetricsSnapshot.Limit
