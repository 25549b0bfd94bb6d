internal import Synchronization

/// The metrics of a site: connections, messages, drops, refusals, limits, and the load of the event loops.
///
/// ```swift
/// path("metrics/") { request in try .text(request.service(Metrics.self).text) }
/// ```
///
/// It is a service that every site has. A server also provides it as `server.metrics`. A site adds its own metrics with
/// services that conform to ``MetricsSource``.
public final class Metrics: Service {
    private let state = Mutex(State())

    private struct State {
        var sources: [any MetricsSource] = []
        /// The services that may include sources. The reference is weak because the services hold these metrics.
        weak var services: Services?
    }

    /// Creates metrics without sources.
    public init() {}

    /// Adds a source that is not a service.
    public func add(_ source: some MetricsSource) {
        state.withLock { $0.sources.append(source) }
    }

    /// Adds the sources among `services`.
    package func attach(_ services: Services) {
        state.withLock { $0.services = services }
    }

    /// Adds the sources among the site's services.
    public func start(in services: Services) async throws { attach(services) }

    /// Returns the current values. It reads the loops' counters without waking a loop.
    public func snapshot() -> MetricsSnapshot {
        let (own, services) = state.withLock { ($0.sources, $0.services) }
        var snapshot = MetricsSnapshot()
        for source in own { snapshot.add(source.metrics()) }
        for source in services?.all(of: (any MetricsSource).self) ?? [] { snapshot.add(source.metrics()) }
        snapshot.add(LineOutput.metrics)
        return snapshot
    }

    /// The current values in Prometheus' text format; see ``MetricsSnapshot/text``.
    public var text: String { snapshot().text }
}

/// A named measurement for exporters.
///
/// ```swift
/// Metric(.counter, "orders_total", help: "Orders that were placed.", labels: ["shop": "tea"], value: 17)
/// ```
public struct Metric: Sendable, Hashable {
    /// The type of a metric.
    public enum Kind: String, Sendable, Hashable {
        /// A number that only increases while the process runs. Its name ends with `_total`.
        case counter
        /// A number that can increase and decrease.
        case gauge
    }

    /// A name and a value that distinguish metrics of the same name.
    public struct Label: Sendable, Hashable {
        /// The label's name.
        public let name: String
        /// The label's value.
        public let value: String

        /// Creates a label.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The type of the metric.
    public let kind: Kind
    /// The name: letters, digits and underscores, with the unit at the end: `strait_bytes_sent_total`.
    public let name: String
    /// A description of one sentence.
    public let help: String
    /// The labels that distinguish this metric from others of the same name.
    public let labels: [Label]
    /// The measured value.
    public internal(set) var value: Double
    /// The way to combine the values of two sources with the same name and labels.
    let merging: Merging

    /// The ways to combine two values.
    package enum Merging: Sendable, Hashable {
        case sum, maximum
    }

    /// Creates a metric. If several sources report the same name and labels, their values are added.
    public init(
        _ kind: Kind, _ name: String, help: String, labels: KeyValuePairs<String, String> = [:], value: Double
    ) {
        self.init(kind, name, help: help, labels: labels.map { Label($0.key, $0.value) }, value: value)
    }

    /// Creates a metric with an integer value. If several sources report the same name and labels, their values are
    /// added.
    public init(
        _ kind: Kind, _ name: String, help: String, labels: KeyValuePairs<String, String> = [:], value: Int
    ) {
        self.init(kind, name, help: help, labels: labels, value: Double(value))
    }

    package init(
        _ kind: Kind, _ name: String, help: String, labels: [Label], value: Double, merging: Merging = .sum
    ) {
        self.kind = kind
        self.name = name
        self.help = help
        self.labels = labels
        self.value = value
        self.merging = merging
    }
}

/// A source of metrics. If a service of a site conforms to it, every ``Metrics/snapshot()`` includes its metrics.
///
/// ```swift
/// final class Orders: Service, MetricsSource {
///     private let placed = Mutex(0)
///
///     func metrics() -> [Metric] {
///         [Metric(.counter, "orders_total", help: "Orders that were placed.", value: placed.withLock { $0 })]
///     }
/// }
/// ```
public protocol MetricsSource: Sendable {
    /// Returns the current values. Called on any thread; it must not wait.
    func metrics() -> [Metric]
}
