public import StraitCore
internal import Synchronization

/// Counts of a channel layer's undelivered messages since the layer was created.
public final class LayerCounters: Sendable {
    private let full = Atomic<Int>(0)
    private let expired = Atomic<Int>(0)
    private let unread = Atomic<Int>(0)
    private let unknown = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)

    package init() {}

    /// Messages that were rejected, or that a group member missed, because a channel was full.
    public var droppedFull: Int { full.load(ordering: .relaxed) }
    /// Messages that were dropped because they waited longer than the layer's expiry.
    public var droppedExpired: Int { expired.load(ordering: .relaxed) }

    /// Events that could not be decoded as the group's event type, and presence members whose metadata could not be
    /// decoded.
    public var skipped: Int { unread.load(ordering: .relaxed) }

    /// Messages to channels of this process that no longer exist.
    public var droppedUnknown: Int { unknown.load(ordering: .relaxed) }
    /// The number of times that the connection to the layer's server was lost. Messages in transit may have been lost
    /// each time.
    public var outages: Int { lost.load(ordering: .relaxed) }

    package func dropUnknown(_ count: Int = 1) { unknown.wrappingAdd(count, ordering: .relaxed) }
    package func loseConnection() { lost.wrappingAdd(1, ordering: .relaxed) }
    package func skip(_ count: Int = 1) { unread.wrappingAdd(count, ordering: .relaxed) }
    package func dropFull(_ count: Int = 1) { full.wrappingAdd(count, ordering: .relaxed) }
    package func dropExpired(_ count: Int = 1) { expired.wrappingAdd(count, ordering: .relaxed) }
}

extension ChannelLayers: MetricsSource {
    /// The number of groups, channels, dropped messages and outages of each layer, labelled with the layer's name.
    public func metrics() -> [Metric] {
        all.flatMap { alias, layer -> [Metric] in
            guard let layer = layer as? any LocalDeliveryLayer else { return [] }
            let counters = layer.counters
            func dropped(_ reason: String, _ count: Int) -> Metric {
                Metric(
                    .counter, "strait_layer_dropped_total", help: "Messages that a channel layer did not deliver.",
                    labels: ["layer": alias, "reason": reason], value: count)
            }
            return [
                Metric(
                    .gauge, "strait_layer_groups", help: "Groups with members in this process.",
                    labels: ["layer": alias], value: layer.groups.count),
                Metric(
                    .gauge, "strait_layer_channels", help: "Sockets that have a channel name.",
                    labels: ["layer": alias], value: layer.groups.channelCount),
                dropped("full", counters.droppedFull), dropped("expired", counters.droppedExpired),
                dropped("unknown", counters.droppedUnknown), dropped("unreadable", counters.skipped),
                Metric(
                    .counter, "strait_layer_outages_total",
                    help: "Lost connections to the layer's server.", labels: ["layer": alias],
                    value: counters.outages),
            ]
        }
    }
}

extension MetricsSnapshot {
    /// The metrics of one channel layer.
    public struct Layer: Sendable, Hashable {
        /// Groups with members in this process: `strait_layer_groups`.
        public let groups: Int
        /// Sockets that have a channel name: `strait_layer_channels`.
        public let channels: Int
        /// Messages dropped because a channel was full: `strait_layer_dropped_total{reason="full"}`.
        public let droppedFull: Int
        /// Messages dropped because they waited too long: `reason="expired"`.
        public let droppedExpired: Int
        /// Messages to channels that no longer exist: `reason="unknown"`.
        public let droppedUnknown: Int
        /// Events that could not be decoded: `reason="unreadable"`.
        public let skipped: Int
        /// The number of times that the connection to the layer's server was lost: `strait_layer_outages_total`.
        public let outages: Int
    }

    /// The channel layers by name.
    public var layers: [String: Layer] {
        self["strait_layer_groups"].reduce(into: [:]) { layers, groups in
            guard let label = groups.labels.first else { return }
            func dropped(_ reason: String) -> Int {
                count("strait_layer_dropped_total", label, Metric.Label("reason", reason))
            }
            layers[label.value] = Layer(
                groups: count("strait_layer_groups", label), channels: count("strait_layer_channels", label),
                droppedFull: dropped("full"),
                droppedExpired: dropped("expired"), droppedUnknown: dropped("unknown"),
                skipped: dropped("unreadable"), outages: count("strait_layer_outages_total", label))
        }
    }
}
