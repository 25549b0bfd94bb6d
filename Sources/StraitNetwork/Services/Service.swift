/// A long-lived part of a site, such as a pool of database connections: made once, when the settings have been read,
/// started before the first request and stopped after the last.
///
/// ```swift
/// final class Rooms: Service {
///     private let lines = Mutex<[String: [Line]]>([:])
///     …
/// }
/// ```
///
/// A site or an app brings its services in `services(_:)`. They are found by their type, with
/// ``ServiceProvider/service(_:)``, by requests, consumers, workers, commands and tests.
public protocol Service: Sendable {
    /// Prepares the service. Called once, after the services that were declared before it have started.
    ///
    /// - Parameter services: The services of the site, to find those that this one needs.
    /// - Throws: Any error. The site does not start then, and what has been started is stopped again.
    func start(in services: Services) async throws

    /// Releases what the service holds. Called once, if it was started, after everything that was declared behind it
    /// has stopped.
    func stop() async
}

extension Service {
    public func start(in services: Services) async throws {}
    public func stop() async {}
}
