public import StraitRouting

/// A route's end that is a worker consumer. Channels' `as_asgi()`.
struct WorkerConsumerEndpoint: WorkerEndpoint {
    let make: @Sendable () -> WorkerConsumer
}

extension ChannelNameRouter {
    /// A router to worker consumers, by the names of their channels.
    ///
    /// - Parameter consumers: Makes a consumer of its channel for each worker: `Thumbnails.init`, or
    ///   `{ Thumbnails(width: 200) }`.
    public init(_ consumers: [String: @Sendable () -> WorkerConsumer]) {
        self.init(consumers.mapValues { Endpoint.worker(WorkerConsumerEndpoint(make: $0)) as any Application })
    }
}

extension Endpoint {
    /// A worker consumer as an application: Channels' `Thumbnails.as_asgi()`.
    ///
    /// - Parameter consumer: Evaluated for each worker.
    public static func consumer(_ consumer: @autoclosure @escaping @Sendable () -> WorkerConsumer) -> Endpoint {
        .worker(WorkerConsumerEndpoint(make: consumer))
    }
}
