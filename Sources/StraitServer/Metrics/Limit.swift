public import StraitNetwork

extension MetricsSnapshot {
    /// The limits that clients, handlers or the machine can reach, as counted by
    /// ``/StraitNetwork/MetricsSnapshot/limits``.
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

/// A short name for this module.
typealias Limit = MetricsSnapshot.Limit
