internal import Synchronization

/// The services of a site, which are found by type.
///
/// ```swift
/// let services = try Services([ChannelLayers(), Rooms()])
/// try await services.start()
/// …
/// await services.stop(within: .seconds(10))
/// ```
public final class Services: Sendable {
    /// An empty set of services, for a scope that was created manually.
    public static let none = Services(unchecked: [])

    private let members: [any Service]
    /// The number of services that have been started.
    private let started = Mutex(0)

    private init(unchecked members: [any Service]) {
        self.members = members
    }

    /// Creates a set of services. They start in this order and stop in the opposite order.
    ///
    /// - Throws: ``ServiceError/Code/duplicate`` if two services have the same type, because only one of them could be
    ///   found.
    public convenience init(_ members: [any Service]) throws(ServiceError) {
        var types: Set<ObjectIdentifier> = []
        for member in members where !types.insert(ObjectIdentifier(type(of: member))).inserted {
            throw ServiceError(
                .duplicate,
                "There are two services of the type \(type(of: member)), but only one could be found by its type. Give "
                    + "each its own type, or combine them in one service.")
        }
        self.init(unchecked: members)
    }

    /// Returns these services, followed by `service` if there is none of its type.
    package func adding(_ service: some Service) -> Services {
        if members.contains(where: { type(of: $0) == type(of: service) }) { return self }
        return Services(unchecked: members + [service])
    }

    /// Returns the services that conform to the protocol `type`, in order.
    package func all<S>(of type: S.Type) -> [S] { members.compactMap { $0 as? S } }

    /// Returns the service of exactly this type, or the first that conforms to this protocol or inherits from this
    /// class. Returns nil if there is none.
    public func find<S>(_ type: S.Type = S.self) -> S? {
        for member in members where Swift.type(of: member) == type { return member as? S }
        for member in members { if let found = member as? S { return found } }
        return nil
    }

    /// Returns the service of this type, as ``find(_:)`` does.
    ///
    /// - Throws: ``ServiceError/Code/missing`` if there is none. The text lists the services that the site has.
    public func get<S>(_ type: S.Type = S.self) throws(ServiceError) -> S {
        if let found = find(type) { return found }
        let known = members.map { "\(Swift.type(of: $0))" }
        throw ServiceError(
            .missing,
            "The site has no service of the type \(type). Return one from `services(_:)` of the site or of an app. "
                + (known.isEmpty ? "There are none yet." : "There are: \(known.joined(separator: ", ")).")
        )
    }

    /// Starts the services in order.
    ///
    /// - Throws: The error of the first service that fails, after the services started before it have stopped.
    public func start() async throws {
        for member in members.dropFirst(started.withLock { $0 }) {
            do {
                try await member.start(in: self)
            } catch {
                await stop(within: .seconds(10))
                throw error
            }
            started.withLock { $0 += 1 }
        }
    }

    /// Stops the started services in the opposite order. Returns when all have stopped or `deadline` has passed.
    ///
    /// - Returns: The type names of the services that did not stop in time, in the order in which they are stopped. The
    ///   first is still stopping and has been cancelled; the others were not stopped.
    @discardableResult
    public func stop(within deadline: Duration) async -> [String] {
        let remaining = Mutex(
            started.withLock { count in
                defer { count = 0 }
                return Array(members.prefix(count))
            })
        let stopping = Task {
            while let member = remaining.withLock({ $0.last }), !Task.isCancelled {
                await member.stop()
                remaining.withLock { _ = $0.popLast() }
            }
        }
        // A task group would wait for a service that ignores cancellation.
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        Task {
            await stopping.value
            end.finish()
        }
        let timer = Task {
            try await Task.sleep(for: deadline)
            end.finish()
        }
        for await _ in ends {}
        timer.cancel()
        stopping.cancel()
        return remaining.withLock { $0.reversed().map { "\(type(of: $0))" } }
    }
}

/// An error when a service is looked up or registered.
public struct ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Hashable, Sendable {
        /// The site has no service of the type.
        case missing
        /// The site has two services of one type.
        case duplicate
    }

    /// The kind of error.
    public let code: Code
    /// The problem and its solution.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

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

/// A value that gives access to the services of its site, such as a request, consumer, worker or command context.
public protocol ServiceProvider {
    /// The services of the site.
    var services: Services { get }
}

extension ServiceProvider {
    /// Returns the site's service of this type.
    ///
    /// ```swift
    /// let rooms = try request.service(Rooms.self)
    /// let pool: DatabasePool = try service()      // in a consumer
    /// ```
    ///
    /// - Throws: ``ServiceError/Code/missing`` if the site has no service of this type. The text lists the services
    ///   that it has.
    public func service<S>(_ type: S.Type = S.self) throws(ServiceError) -> S {
        try services.get(type)
    }
}

extension Services: ServiceProvider {
    /// This value itself.
    public var services: Services { self }
}
