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

    /// Returns the current values. Loops count by themselves and only their counts are read, so no loop is woken.
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
