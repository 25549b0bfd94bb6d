public import StraitRouting

/// A route's endpoint that creates a worker consumer. Channels' `as_asgi()`.
struct WorkerConsumerEndpoint: WorkerEndpoint {
    let make: @Sendable () -> WorkerConsumer
}

extension ChannelNameRouter {
    /// Creates a router from channel names to worker consumers.
    ///
    /// - Parameter consumers: Functions that create the consumer of each channel: `Thumbnails.init`, or
    ///   `{ Thumbnails(width: 200) }`.
    public init(_ consumers: [String: @Sendable () -> WorkerConsumer]) {
        self.init(consumers.mapValues { Endpoint.worker(WorkerConsumerEndpoint(make: $0)) as any Application })
    }
}

extension Endpoint {
    /// Creates an application from a worker consumer: Channels' `Thumbnails.as_asgi()`.
    ///
    /// - Parameter consumer: The consumer, evaluated for each worker.
    public static func consumer(_ consumer: @autoclosure @escaping @Sendable () -> WorkerConsumer) -> Endpoint {
        .worker(WorkerConsumerEndpoint(make: consumer))
    }
}
