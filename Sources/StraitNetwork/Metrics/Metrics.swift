internal import Synchronization

/// The metrics of a site: connections, messages, drops, refusals, limits and the load of the event loops. A service, which
/// every site has.
///
/// ```swift
/// path("metrics/") { request in try .text(request.service(Metrics.self).text) }
/// ```
///
/// A server has it as `server.metrics`. The services of a site that are a ``MetricsSource`` are part of it, so that a site
/// adds its own.
public final class Metrics: Service {
    private let state = Mutex(State())

    private struct State {
        var sources: [any MetricsSource] = []
        /// The services with sources among them. Weak, because they hold these metrics.
        weak var services: Services?
    }

    /// Metrics without any source.
    public init() {}

    /// Adds a source that is no service.
    public func add(_ source: some MetricsSource) {
        state.withLock { $0.sources.append(source) }
    }

    /// Takes the sources among `services` into account from now on.
    package func attach(_ services: Services) {
        state.withLock { $0.services = services }
    }

    public func start(in services: Services) async throws { attach(services) }

    /// All values at this moment. It costs no loop a wakeup: loops count for themselves, and their counts are read.
    public func snapshot() -> MetricsSnapshot {
        let (own, services) = state.withLock { ($0.sources, $0.services) }
        var snapshot = MetricsSnapshot()
        for source in own { snapshot.add(source.metrics()) }
        for source in services?.all(of: (any MetricsSource).self) ?? [] { snapshot.add(source.metrics()) }
        snapshot.add(LineOutput.metrics)
        return snapshot
    }

    /// All values at this moment in Prometheus' text format; see ``MetricsSnapshot/text``.
    public var text: String { snapshot().text }
}
