package import StraitCore
package import StraitHTTP
package import StraitLayers
package import StraitRouting

/// The worker of one channel. It receives the channel's messages and passes them to the consumer one after the other.
/// Loop-bound.
package final class WorkerSession {
    package let scope: Scope
    package let layer: any ChannelLayer
    package let loop: EventLoop
    package let log: Log
    private let application: any Application
    private let channel: String
    private var consumer: WorkerConsumer?
    /// The task that waits for the next message.
    private var receiving: Task<LayerMessage, any Error>?
    /// The task that handles messages.
    private var driver: Task<Void, Never>?
    private var isStopping = false

    /// The delay before a channel is read again after its layer failed.
    private static let pause = Duration.seconds(1)

    package init(
        channel: String, application: any Application, layer: any ChannelLayer, services: Services, loop: EventLoop,
        log: Log
    ) {
        scope = Scope(channel: channel, services: services)
        self.channel = channel
        self.application = application
        self.layer = layer
        self.loop = loop
        self.log = log
    }

    /// Starts the worker. Calls `ended` once, after all its work has ended.
    package func start(_ ended: @escaping () -> Void) {
        // SAFETY: the session and the call stay on this loop, to which the task is isolated.
        nonisolated(unsafe) let session = self
        nonisolated(unsafe) let ended = ended
        driver = loop.isolation.startTask { isolation in
            await unsafe session.run(isolation)
            unsafe ended()
        }
    }

    /// Stops receiving messages. A message that is being handled is handled completely.
    package func stop() {
        isStopping = true
        receiving?.cancel()
    }

    /// Cancels the handler that is running.
    package func cancel() { driver?.cancel() }

    private func run(_ isolation: isolated LoopIsolation) async {
        while !isStopping {
            do {
                let message = try await next()
                loop.names("The worker of \(channel)")
                await handle(message)
            } catch is CancellationError where isStopping {
                break
            } catch {
                log.error("The channel '\(channel)' could not be read. Trying again in \(Self.pause): \(error)")
                try? await LoopClock(loop: loop).sleep(for: Self.pause)
            }
        }
        dropConsumer()
    }

    /// Waits for the next message and returns it. A separate task waits, so that stopping cancels only the wait and no
    /// handler.
    private func next() async throws -> LayerMessage {
        let (layer, channel) = (layer, channel)
        let receiving = Task { try await layer.receive(channel) }
        self.receiving = receiving
        defer { self.receiving = nil }
        return try await receiving.value
    }

    private func handle(_ message: LayerMessage) async {
        guard let type = message.type else {
            return log.warning("A message without a type came to the channel '\(channel)'. Give it one under 'type'.")
        }
        do {
            let consumer = try await serving()
            guard let handler = consumer.handler(type) else {
                return log.warning(
                    """
                    A message of type '\(type)' came to the channel '\(channel)', for which \
                    \(Swift.type(of: consumer)) has no handler. Register one in begin() with on("\(type)").
                    """
                )
            }
            try await handler(message)
        } catch {
            log.error("The worker of the channel '\(channel)' failed at a message of type '\(type)': \(error)")
            dropConsumer()
        }
    }

    /// Returns the consumer, and creates one if there is none.
    private func serving() async throws -> WorkerConsumer {
        if let consumer { return consumer }
        guard case .worker(let endpoint)? = try await application.resolve(scope)?.endpoint,
            let endpoint = endpoint as? WorkerConsumerEndpoint
        else {
            throw LayerError.unsupported(
                "The channel '\(channel)' is not routed to a WorkerConsumer. Name one for it in the ChannelNameRouter.")
        }
        let made = endpoint.make()
        made.attach(self)
        do {
            try await made.begin()
        } catch {
            made.detach()
            throw error
        }
        consumer = made
        return made
    }

    private func dropConsumer() {
        consumer?.detach()
        consumer = nil
    }
}
