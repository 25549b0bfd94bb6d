public import StraitCore

/// The metrics of servers as typed values. ``/StraitCore/MetricsSnapshot/metrics`` has the same values, under the
/// names that the properties' documentation gives. The values of several servers in a process are added.
extension MetricsSnapshot {
    /// Connections, including those of WebSockets.
    public struct Connections: Sendable, Hashable {
        /// The open connections: `strait_connections_open`.
        public let open: Int
        /// All accepted connections: `strait_connections_accepted_total`.
        public let accepted: Int
        /// The connections that were closed at once because their address had too many:
        /// `strait_limits_reached_total{limit="connections_per_address"}`.
        public let refused: Int
    }

    /// WebSocket handshakes.
    public struct Handshakes: Sendable, Hashable {
        /// The accepted handshakes: `strait_handshakes_accepted_total`.
        public let accepted: Int
        /// The refused handshakes by the response's status: `strait_handshakes_refused_total`.
        public let refused: [Int: Int]
    }

    /// WebSockets.
    public struct WebSockets: Sendable, Hashable {
        /// The open sockets: `strait_websockets_open`.
        public let open: Int
        /// The closed sockets by close code: `strait_websockets_closed_total`. Codes from 3000 to 3999 count as 3000,
        /// and codes from 4000 as 4000.
        public let closed: [Int: Int]
    }

    /// The amounts that were received and sent.
    public struct Traffic: Sendable, Hashable {
        /// The amount that was received from clients.
        public let received: Int
        /// The amount that was sent to clients.
        public let sent: Int
    }

    /// HTTP requests, except WebSocket handshakes.
    public struct Requests: Sendable, Hashable {
        /// The requests by the first digit of the response's status: `strait_requests_total{status="2xx"}`.
        public let byStatusClass: [Int: Int]
        /// The requests that ended without a response: `strait_requests_total{status="none"}`.
        public let unanswered: Int
        /// All requests that have ended.
        public var total: Int { byStatusClass.values.reduce(unanswered, +) }
    }

    /// The load of one event loop.
    public struct Loop: Sendable, Hashable {
        /// The loop's index, from 0.
        public let index: Int
        /// The longest turn since the start, including the current one: `strait_loop_lag_max_seconds`. An event that
        /// arrives during a turn waits until its end.
        public let longestLag: Duration
        /// The longest turn in the last 10 to 20 seconds: `strait_loop_lag_seconds`.
        public let recentLag: Duration
        /// The total time that the loop has worked: `strait_loop_busy_seconds_total`.
        public let busy: Duration
    }

    /// The connections of all servers in this process.
    public var connections: Connections {
        Connections(
            open: count("strait_connections_open"), accepted: count("strait_connections_accepted_total"),
            refused: limits[.connectionsPerAddress] ?? 0)
    }

    /// The accepted and refused WebSocket handshakes.
    public var handshakes: Handshakes {
        Handshakes(
            accepted: count("strait_handshakes_accepted_total"),
            refused: numbered("strait_handshakes_refused_total"))
    }

    /// The open and closed WebSockets.
    public var webSockets: WebSockets {
        WebSockets(open: count("strait_websockets_open"), closed: numbered("strait_websockets_closed_total"))
    }

    /// WebSocket messages: `strait_messages_received_total` and `strait_messages_sent_total`.
    public var messages: Traffic {
        Traffic(received: count("strait_messages_received_total"), sent: count("strait_messages_sent_total"))
    }

    /// The bytes of all connections, including headers and framing: `strait_bytes_received_total` and
    /// `strait_bytes_sent_total`.
    public var bytes: Traffic {
        Traffic(received: count("strait_bytes_received_total"), sent: count("strait_bytes_sent_total"))
    }

    /// The HTTP requests that have ended: `strait_requests_total`.
    public var requests: Requests {
        let name = "strait_requests_total"
        let classes = (1...5).map { ($0, count(name, Metric.Label("status", "\($0)xx"))) }
        return Requests(
            byStatusClass: Dictionary(uniqueKeysWithValues: classes),
            unanswered: count(name, Metric.Label("status", "none")))
    }

    /// The numbers of dropped messages and events: `strait_dropped_total`.
    public var drops: [Drop: Int] { keyed("strait_dropped_total") }

    /// The number of times that each limit was reached: `strait_limits_reached_total`.
    public var limits: [Limit: Int] { keyed("strait_limits_reached_total") }

    /// The event loops, ordered by index.
    public var loops: [Loop] {
        self["strait_loop_lag_seconds"].compactMap { recent in
            guard let label = recent.labels.first, let index = Int(label.value) else { return nil }
            return Loop(
                index: index, longestLag: duration(self["strait_loop_lag_max_seconds", label]),
                recentLag: duration(recent.value), busy: duration(self["strait_loop_busy_seconds_total", label]))
        }
    }

    /// Returns `seconds` as a duration, or zero for values that would make `Duration` trap. No loop has such a value.
    private func duration(_ seconds: Double?) -> Duration {
        guard let seconds, abs(seconds) < 1e12 else { return .zero }
        return .seconds(seconds)
    }

    private func numbered(_ name: String) -> [Int: Int] {
        self[name].reduce(into: [:]) { counts, metric in
            guard let label = metric.labels.first, let key = Int(label.value) else { return }
            counts[key] = count(name, label)
        }
    }

    private func keyed<Key: RawRepresentable<String> & Hashable>(_ name: String) -> [Key: Int] {
        self[name].reduce(into: [:]) { counts, metric in
            guard let label = metric.labels.first, let key = Key(rawValue: label.value) else { return }
            counts[key] = count(name, label)
        }
    }
}
