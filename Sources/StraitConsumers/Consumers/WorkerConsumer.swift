public import StraitCore
public import StraitHTTP
public import StraitLayers
public import StraitRouting

/// A handler for the messages of one channel, one after the other: Channels' worker consumer.
///
/// ```swift
/// struct Resize: ChannelMessage {
///     static let type = "thumbnails.resize"
///     var photo: String
/// }
///
/// final class Thumbnails: WorkerConsumer {
///     override func begin() async throws {
///         on(Resize.self) { worker, job in
///             …
///         }
///     }
/// }
///
/// try await request.getChannelLayer().send("thumbnails", LayerMessage(encoding: Resize(photo: "a.jpg")))
/// ```
///
/// One instance serves its channel until a handler throws. The error is logged, the message is lost, and a new instance
/// handles the next message. Messages are delivered at most once.
///
/// An instance belongs to one event loop, so its properties need no lock. The next message is received when the
/// previous one has been handled. Until then, messages are queued in the layer, up to its capacity.
open class WorkerConsumer: ServiceProvider {
    private var session: WorkerSession?
    private var handlers: [String: (LayerMessage) async throws -> Void] = [:]

    /// Creates a consumer. Called when the first message arrives.
    public init() {}

    /// Registers the handlers. Called once, before the first message is handled.
    open nonisolated(nonsending) func begin() async throws {}

    /// The worker's scope: ``/StraitHTTP/Scope/channel`` is the channel's name. Channels' `self.scope`.
    public final var scope: Scope { attached.scope }

    /// The services of the site.
    public final var services: Services { attached.scope.services }

    /// The log for messages about this consumer.
    public final var log: Log { attached.log }

    /// The clock of this consumer's event loop; in tests, a manual clock. Prefer it to `Task.sleep`.
    public final var clock: LoopClock { LoopClock(loop: attached.loop) }

    /// The layer that the messages come from; Channels' `self.channel_layer`.
    public final var channelLayer: any ChannelLayer { attached.layer }

    final func handle(_ type: String, _ handler: @escaping (LayerMessage) async throws -> Void) {
        guard LayerMessage.isType(type) else { return log.error(LayerMessage.malformed(type)) }
        handlers[type] = handler
    }

    final func handler(_ type: String) -> ((LayerMessage) async throws -> Void)? { handlers[type] }

    private final var attached: WorkerSession {
        guard let session else {
            preconditionFailure("\(type(of: self)) serves no channel yet: its scope and layer exist from begin() on.")
        }
        return session
    }

    final func attach(_ session: WorkerSession) { self.session = session }

    /// Removes the handlers, which may hold references to the consumer. The session is retained, because closures may
    /// still use the consumer.
    final func detach() { handlers = [:] }
}

extension ServiceProvider where Self: WorkerConsumer {
    /// Registers a handler for messages of a type. Messages that have no handler, or that cannot be decoded, are logged
    /// and ignored.
    ///
    /// - Parameter handle: Called with this worker and the message. Use the worker that it receives, and no capture
    ///   list.
    public func on<Content: ChannelMessage>(
        _ type: Content.Type, _ handle: @escaping (Self, Content) async throws -> Void
    ) {
        on(Content.type) { worker, message in
            let content: Content
            do {
                content = try message.decode(Content.self)
            } catch {
                return worker.log.warning(
                    "\(Swift.type(of: worker)) got a message that is not a \(Content.self): \(message) (\(error)).")
            }
            try await handle(worker, content)
        }
    }

    /// Registers a handler for undecoded messages of `type`. In Channels, this is a method with the type's name.
    public func on(_ type: String, _ handle: @escaping (Self, LayerMessage) async throws -> Void) {
        let worker = self
        self.handle(type) { message in try await handle(worker, message) }
    }
}

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
