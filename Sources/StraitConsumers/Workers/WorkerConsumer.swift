public import StraitLayers
public import StraitNetwork
public import StraitRouting

/// Works off the messages of one channel, one after the other: what Channels calls a worker consumer.
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
/// One instance serves its channel for as long as nothing goes wrong in it. Where a handler throws, that is logged, its
/// message is lost, and a new instance gets the next one: messages are delivered at most once.
///
/// An instance belongs to one event loop, so its properties need no lock. The next message is taken when the last one is
/// handled; what comes meanwhile waits in the layer, up to its capacity.
open class WorkerConsumer: ServiceProvider {
    private var session: WorkerSession?
    private var handlers: [String: (LayerMessage) async throws -> Void] = [:]

    /// Made when the first message arrives.
    public init() {}

    /// Called once, before the first message is handled: register the handlers here.
    open nonisolated(nonsending) func begin() async throws {}

    /// What is known of the channel: ``/StraitRouting/Scope/channel`` is its name. Channels' `self.scope`.
    public final var scope: Scope { attached.scope }

    /// The services of the site.
    public final var services: Services { attached.scope.services }

    /// Where this consumer and the framework say what happened.
    public final var log: Log { attached.log }

    /// The clock of this consumer's loop; in tests, one that is moved by hand. Prefer it to `Task.sleep`.
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

    /// Releases everything that may hold the consumer. It keeps its session: closures
    /// may still use the consumer.
    final func detach() { handlers = [:] }
}

extension ServiceProvider where Self: WorkerConsumer {
    /// Handles messages of a type. Types without a handler, and messages of another shape, are logged and survived.
    ///
    /// - Parameter handle: Called with this worker and the message. Use the worker that it is given, and no capture list.
    public func on<Content: ChannelMessage>(
        _ type: Content.Type, _ handle: @escaping (Self, Content) async throws -> Void
    ) {
        on(Content.type) { worker, message in
            let content: Content
            do {
                content = try message.decode(Content.self)
            } catch {
                return worker.log.warning(
                    "\(Swift.type(of: worker)) was sent a message that is no \(Content.self): \(message) (\(error)).")
            }
            try await handle(worker, content)
        }
    }

    /// Handles messages of `type` unchanged; the counterpart of a method of that name in Channels.
    public func on(_ type: String, _ handle: @escaping (Self, LayerMessage) async throws -> Void) {
        let worker = self
        self.handle(type) { message in try await handle(worker, message) }
    }
}
