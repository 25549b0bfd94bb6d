/// A long-lived part of a site, such as a database connection pool. It is created once after the settings are loaded,
/// started before the first request, and stopped after the last.
///
/// ```swift
/// final class Rooms: Service {
///     private let lines = Mutex<[String: [Line]]>([:])
///     …
/// }
/// ```
///
/// A site or an app returns its services from `services(_:)`. Requests, consumers, workers, commands and tests find
/// them by type with ``ServiceProvider/service(_:)``.
public protocol Service: Sendable {
    /// Prepares the service. Called once, after the services declared before it have started.
    ///
    /// - Parameter services: The services of the site, to find those that this one needs.
    /// - Throws: Any error. The site then does not start, and the services already started are stopped.
    func start(in services: Services) async throws

    /// Releases the service's resources. Called once if the service has started, after the services declared later have
    /// stopped.
    func stop() async
}

extension Service {
    /// Does nothing: the default for services without preparation.
    public func start(in services: Services) async throws {}
    /// Does nothing: the default for services without resources to release.
    public func stop() async {}
}
