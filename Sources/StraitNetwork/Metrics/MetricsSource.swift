/// A source of metrics. A service of a site that conforms to it is part of every ``Metrics/snapshot()``.
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
    /// The values at this moment. Called on any thread; it must not wait.
    func metrics() -> [Metric]
}
