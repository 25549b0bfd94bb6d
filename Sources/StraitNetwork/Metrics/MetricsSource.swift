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
