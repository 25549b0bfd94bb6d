import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitTesting
import StraitWebSocket

/// One consumer on a loop with a manual clock. Each step returns when the loop is idle again.
///
/// SAFETY: `@unchecked Sendable` is sound because the session and the transport are accessed only on the loop.
final class ConsumerScript: @unchecked Sendable {
    let journal = Journal()
    let log = Journal()
    let counters = ConsumerCounters()
    private let clock: ManualClock
    let layers: ChannelLayers
    private var session: ConsumerSession!
    private var transport: ScriptedTransport!

    /// Creates the consumer without starting it.
    init(
        limits: ConsumerLimits = ConsumerLimits(), subprotocols: [String] = [], layers: ChannelLayers = ChannelLayers(),
        clock: ManualClock = ManualClock(), acceptChanges: [Resolution.AcceptChange] = [],
        _ make: @escaping @Sendable (Journal) -> Consumer
    ) async {
        self.layers = layers
        self.clock = clock
        await step { [log, counters] script in
            let transport = ScriptedTransport(journal: script.journal)
            let session = ConsumerSession(
                consumer: make(script.journal),
                scope: Scope(type: .webSocket, path: "/ws/", subprotocols: subprotocols, services: layers.services),
                transport: transport, loop: script.loop, limits: limits,
                log: Log(level: .debug) { log.note("\($0) \($1)") }, counters: counters)
            transport.session = session
            transport.acceptChanges = acceptChanges
            script.transport = transport
            script.session = session
        }
    }

    /// Creates a ``ScriptedConsumer`` that `prepare` configures.
    convenience init(
        limits: ConsumerLimits = ConsumerLimits(), layers: ChannelLayers = ChannelLayers(),
        clock: ManualClock = ManualClock(), acceptChanges: [Resolution.AcceptChange] = [],
        scripted prepare: @escaping @Sendable (ScriptedConsumer) -> Void
    ) async {
        await self.init(limits: limits, layers: layers, clock: clock, acceptChanges: acceptChanges) { journal in
            let consumer = ScriptedConsumer()
            consumer.journal = journal
            prepare(consumer)
            return consumer
        }
    }

    var loop: EventLoop { clock.group.loops[0] }
    /// The lines that the transport and the consumer have noted.
    var lines: [String] { journal.lines }

    /// Runs `body` on the loop, and waits until the loop has nothing left to do.
    @discardableResult
    func step<Result: Sendable>(_ body: @escaping @Sendable (ConsumerScript) -> Result) async -> Result {
        let result = await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: body(self)) }
        }
        await clock.idle()
        return result
    }

    func onSession<Result: Sendable>(
        _ body: @escaping @Sendable (ConsumerSession, ScriptedTransport) -> Result
    ) async -> Result {
        await step { body($0.session, $0.transport) }
    }

    /// Delivers the handshake.
    func begin() async {
        await step { $0.session.begin() }
    }

    /// Delivers a text message. Must be called on the loop.
    func deliverNow(_ text: String) {
        session.deliver(Message(text: text))
    }

    /// Delivers messages in one wake.
    func deliver(_ messages: Message...) async {
        await step { for message in messages { $0.session.deliver(message) } }
    }

    /// Delivers text messages in one wake.
    func deliver(_ texts: String...) async {
        await step { for text in texts { $0.session.deliver(Message(text: text)) } }
    }

    /// Delivers the peer's close frame.
    func closes(_ code: CloseCode = .normal) async {
        await step { script in
            script.session.end(Close(code: code, wasClean: true), isLoss: false)
            script.transport.drain()
        }
    }

    /// Loses the connection.
    func loses() async {
        await step { script in
            script.session.setOpen(false)
            script.session.end(Close(code: .abnormal, wasClean: false), isLoss: true)
            script.transport.drain()
        }
    }

    /// Sends `event` to `group` from outside the consumer.
    func send<Event>(_ event: Event, to group: Group<Event>) async throws {
        try await layers.groupSend(group, event)
        await clock.idle()
    }

    /// Sends `message` to the group named `group` from outside the consumer.
    func send(_ message: LayerMessage, to group: String) async throws {
        try await layers.layer().groupSend(group, message)
        await clock.idle()
    }

    /// Lets the peer receive everything that was sent.
    func drains() async { await step { $0.transport.drain() } }

    /// Advances the clock.
    func advance(_ duration: Duration) async {
        await clock.advance(by: duration)
    }
}
