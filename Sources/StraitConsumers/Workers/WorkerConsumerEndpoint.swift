public import StraitRouting

/// A route's end that is a worker consumer. Channels' `as_asgi()`.
struct WorkerConsumerEndpoint: WorkerEndpoint {
    let make: @Sendable () -> WorkerConsumer
}

extension ChannelNameRouter {
    /// A router to worker consumers, by the names of their channels.
    public init(_ consumers: [String: WorkerConsumer.Type]) {
        self.init(consumers.mapValues { Endpoint.consumer($0) as any Application })
    }
}

extension Endpoint {
    /// A worker consumer as an application: Channels' `Thumbnails.as_asgi()`.
    public static func consumer(_ type: WorkerConsumer.Type) -> Endpoint {
        .worker(WorkerConsumerEndpoint { type.init() })
    }

    /// A worker consumer that takes arguments. The expression is evaluated anew for each instance.
    public static func worker(_ consumer: @autoclosure @escaping @Sendable () -> WorkerConsumer) -> Endpoint {
        .worker(WorkerConsumerEndpoint(make: consumer))
    }
}
