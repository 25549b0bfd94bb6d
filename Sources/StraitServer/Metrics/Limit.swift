public import StraitNetwork

extension MetricsSnapshot {
    /// The limits that clients, handlers or the machine can reach, as ``/StraitNetwork/MetricsSnapshot/limits`` counts them.
    public enum Limit: String, Sendable, CaseIterable {
        /// A connection was refused: its address has as many as
        /// ``/StraitServer/ServerConfiguration/connectionsPerAddress`` allows.
        case connectionsPerAddress = "connections_per_address"
        /// No connection could be accepted: the process may open no more descriptors. Connections wait until one is free.
        case descriptors
        /// An idle connection was closed to make room for a new one.
        case idleConnections = "idle_connections"
        /// A request's line was too long (414).
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
        /// A socket was left unread for a while because its compressed messages expand too much.
        case expansion
        /// A socket was left unread because its consumer's mailbox was full.
        case mailbox
        /// A peer was disconnected because it read too slowly what it was sent.
        case sendQueue = "send_queue"
        /// A member of a group was disconnected because too many events waited for it.
        case eventQueue = "event_queue"
        /// A peer was disconnected because it answered no ping.
        case pingTime = "ping_time"
        /// A peer sent no close frame in time.
        case closeTime = "close_time"
        /// A connection was closed because its peer took nothing of what was sent for too long.
        case stallTime = "stall_time"
        /// A handler was cancelled because it went on for too long after its socket had closed.
        case handlerTime = "handler_time"
        /// An event loop was blocked for more than 100 ms, and got no new connections.
        case loopTime = "loop_time"
        /// A connection was cut off because it did not end in time when the server stopped.
        case stopTime = "stop_time"
    }
}

/// Short for this module.
typealias Limit = MetricsSnapshot.Limit
