public import StraitNetwork

/// The numbers of servers, as values. The same numbers are among the snapshot's ``/StraitNetwork/MetricsSnapshot/metrics``
/// under the names that the properties' documentation gives. Several servers of one process add up.
extension MetricsSnapshot {
    /// Connections of all kinds.
    public struct Connections: Sendable, Hashable {
        /// Those that are open: `strait_connections_open`.
        public let open: Int
        /// All that were accepted: `strait_connections_accepted_total`.
        public let accepted: Int
        /// Those that were closed at once because their address had too many:
        /// `strait_limits_reached_total{limit="connections_per_address"}`.
        public let refused: Int
    }

    /// Handshakes of WebSockets.
    public struct Handshakes: Sendable, Hashable {
        /// `strait_handshakes_accepted_total`.
        public let accepted: Int
        /// By the status of the response: `strait_handshakes_refused_total`.
        public let refused: [Int: Int]
    }

    /// WebSockets.
    public struct WebSockets: Sendable, Hashable {
        /// `strait_websockets_open`.
        public let open: Int
        /// By the close code: `strait_websockets_closed_total`. Codes of libraries count as 3000, those of applications as
        /// 4000.
        public let closed: [Int: Int]
    }

    /// The numbers of what arrived and of what was sent.
    public struct Traffic: Sendable, Hashable {
        public let received: Int
        public let sent: Int
    }

    /// Requests of pages.
    public struct Requests: Sendable, Hashable {
        /// By the first digit of the status of the response: `strait_requests_total{status="2xx"}`.
        public let byStatusClass: [Int: Int]
        /// Those that ended without a response: `strait_requests_total{status="none"}`.
        public let unanswered: Int
        /// All that have ended.
        public var total: Int { byStatusClass.values.reduce(unanswered, +) }
    }

    /// The load of one event loop.
    public struct Loop: Sendable, Hashable {
        /// The loop's number, from 0.
        public let index: Int
        /// The longest turn since the start, also the current one: `strait_loop_lag_max_seconds`. Whatever arrives during a
        /// turn waits for its end.
        public let longestLag: Duration
        /// The longest turn in the last 10 to 20 seconds: `strait_loop_lag_seconds`.
        public let recentLag: Duration
        /// The time that the loop was at work: `strait_loop_busy_seconds_total`.
        public let busy: Duration
    }

    public var connections: Connections {
        Connections(
            open: count("strait_connections_open"), accepted: count("strait_connections_accepted_total"),
            refused: limits[.connectionsPerAddress] ?? 0)
    }

    public var handshakes: Handshakes {
        Handshakes(
            accepted: count("strait_handshakes_accepted_total"),
            refused: numbered("strait_handshakes_refused_total"))
    }

    public var webSockets: WebSockets {
        WebSockets(open: count("strait_websockets_open"), closed: numbered("strait_websockets_closed_total"))
    }

    /// WebSocket messages: `strait_messages_received_total` and `strait_messages_sent_total`.
    public var messages: Traffic {
        Traffic(received: count("strait_messages_received_total"), sent: count("strait_messages_sent_total"))
    }

    /// Bytes of all connections, with everything that frames them: `strait_bytes_received_total` and
    /// `strait_bytes_sent_total`.
    public var bytes: Traffic {
        Traffic(received: count("strait_bytes_received_total"), sent: count("strait_bytes_sent_total"))
    }

    public var requests: Requests {
        let name = "strait_requests_total"
        let classes = (1...5).map { ($0, count(name, Metric.Label("status", "\($0)xx"))) }
        return Requests(
            byStatusClass: Dictionary(uniqueKeysWithValues: classes),
            unanswered: count(name, Metric.Label("status", "none")))
    }

    /// Messages and events that were dropped: `strait_dropped_total`.
    public var drops: [Drop: Int] { keyed("strait_dropped_total") }

    /// The number of times that each limit was reached: `strait_limits_reached_total`.
    public var limits: [Limit: Int] { keyed("strait_limits_reached_total") }

    /// The event loops, in the order of their numbers.
    public var loops: [Loop] {
        self["strait_loop_lag_seconds"].compactMap { recent in
            guard let label = recent.labels.first, let index = Int(label.value) else { return nil }
            return Loop(
                index: index, longestLag: duration(self["strait_loop_lag_max_seconds", label]),
                recentLag: duration(recent.value), busy: duration(self["strait_loop_busy_seconds_total", label]))
        }
    }

    /// `seconds` as a duration; zero for a value that no loop has, of which `Duration` would trap.
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
