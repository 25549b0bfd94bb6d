import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitServer
import StraitWebSocket

/// A substitute for a server in front of one consumer. It routes the handshake, drives the consumer's session, and
/// queues the outputs for the test.
///
/// SAFETY: `@unchecked Sendable` is sound because a lock protects `outbox`. Everything else is constant or used only on
/// the loop.
final class ConsumerStage: ConsumerTransport, @unchecked Sendable {
    let loop: EventLoop
    let outbox = Outbox<Result<ConsumerOutput, ApplicationFailure>>()
    private let application: any Application
    private let configuration: ServerConfiguration
    private let log: Log
    /// Whether the stage acts as a server and client would: it refuses undecided handshakes after a timeout, and it
    /// answers close frames. Otherwise, the test does so.
    private let plays: Bool

    private var scope = Scope(type: .webSocket, path: "/")
    /// The subprotocols of the handshake. Middleware may have removed some from the scope.
    private var offered: [String] = []
    private var session: ConsumerSession?
    private var routing: Task<Void, Never>?
    private var resolution: Resolution?
    /// The events that are not delivered yet, before routing has finished or while the consumer's mailbox is full.
    private var events = Ring<ConsumerEvent>()
    /// The task in which middleware changes a refusal.
    private var denial: Task<Void, Never>?
    private var hasEnded = false
    private var isPaused = false
    private var isDecided = false
    private var isAccepted = false
    /// Whether either side has closed, or the connection was lost.
    private var isClosing = false
    private let timer = LoopTimer()
    private var drainCalls: [() -> Void] = []
    var latency: Duration? { nil }

    init(
        _ application: any Application, configuration: ServerConfiguration, plays: Bool, loop: EventLoop, log: Log
    ) {
        self.application = application
        self.configuration = configuration
        self.plays = plays
        self.loop = loop
        self.log = log
    }

    // MARK: Input from the test

    /// Receives a handshake with `scope`.
    func begin(_ scope: Scope) {
        self.scope = scope
        offered = scope.subprotocols
        if plays {
            timer.action = { [unowned self] in handshakeTimedOut() }
            loop.arm(timer, after: configuration.handshakeTimeout)
        }
        routing = loop.isolation.startTask { await self.route($0) }
    }

    /// Receives an event, after all earlier ones.
    func put(_ event: ConsumerEvent) {
        events.append(event)
        pump()
    }

    /// Loses the connection and drops pending events.
    func lose(_ reason: String = "The connection was lost.") {
        events.removeAll()
        end(Close(code: .abnormal, reason: reason, wasClean: false), isLoss: true)
    }

    /// Notes that the test took an output.
    func taken() {
        if outbox.cost <= configuration.sendSoftLimit / 4 { callDrained() }
    }

    // MARK: Routing

    private func route(_ isolation: isolated LoopIsolation) async {
        let resolution: Resolution?
        do {
            resolution = try await application.resolve(scope)
        } catch {
            return refuse(error)
        }
        routing = nil
        if isDecided || isClosing { return }
        guard let resolution else { return refuse(.notFound) }
        switch resolution.endpoint {
        case .http, .worker, .response:
            self.resolution = resolution
            let known = if case .response(let response) = resolution.endpoint { response } else { Response.notFound }
            refuse(known.answering(resolution.scope))
        case .webSocket(let endpoint):
            guard let endpoint = endpoint as? ConsumerEndpoint else { return refuse(NotAConsumer(endpoint: endpoint)) }
            self.resolution = resolution
            let session = ConsumerSession(
                consumer: endpoint.make(), scope: resolution.scope, transport: self, loop: loop,
                limits: configuration.consumers, log: log, counters: ConsumerCounters())
            self.session = session
            scope = resolution.scope
            session.begin()
            pump()
        }
    }

    /// Refuses the handshake because routing threw `error`.
    private func refuse(_ error: any Error) {
        if isDecided || isClosing { return }
        if let error = error as? any HTTPStatusError { return refuse(.answering(error)) }
        failed(error)
        refuse(.status(.internalServerError))
    }

    /// Refuses the handshake with `response`, without a consumer.
    private func refuse(_ response: Response) {
        deny(response)
        endOutbox()
    }

    private func handshakeTimedOut() {
        guard !isDecided else { return }
        log.warning(
            "The consumer did not accept or refuse the handshake in time. Refused it with 503.",
            metadata: ["path": "\(scope.path)"])
        refuse(.status(.serviceUnavailable), "The handshake took too long.", isLoss: true)
    }

    // MARK: Delivery to the consumer

    private func pump() {
        while let session, !isPaused, !events.isEmpty {
            switch events.removeFirst() {
            case .connect: break
            case .receive(let message): if !isClosing || !plays { session.deliver(message) }
            case .disconnect(let close):
                if plays, !isDecided { return lose(Self.wentAway) }
                end(close, isLoss: !close.wasClean)
            }
        }
        // The client leaves while the application is still routing.
        if session == nil, plays, case .disconnect = events.last { lose(Self.wentAway) }
    }

    private static let wentAway = "The peer went away during the handshake."

    private func end(_ close: Close, isLoss: Bool) {
        isClosing = true
        loop.disarm(timer)
        routing?.cancel()
        if let session {
            if isLoss { session.setOpen(false) }
            session.end(close, isLoss: isLoss)
        } else {
            endOutbox()
        }
        callDrained()
    }

    // MARK: Output of the consumer

    var acceptChanges: [Resolution.AcceptChange] { resolution?.acceptChanges ?? [] }

    func accept(subprotocol: String?, headers: HTTPFields) {
        guard !isDecided, !isClosing else { return }
        do {
            var request = HTTPFields()
            for subprotocol in offered { try request.append("sec-websocket-protocol", subprotocol) }
            _ = try HandshakeOffer(request).accept(
                HTTPResponseHead(status: .switchingProtocols), subprotocol: subprotocol, headers: headers, deflate: nil)
        } catch {
            log.error("The handshake could not be accepted: \(error)", metadata: ["path": "\(scope.path)"])
            failed(error)
            return deny(.status(.internalServerError))
        }
        decide()
        isAccepted = true
        put(.accept(subprotocol: subprotocol, headers: headers))
        session?.setOpen(true)
    }

    func deny(_ response: Response) {
        refuse(response, "The handshake was refused.", isLoss: false)
    }

    private func refuse(_ response: Response, _ reason: String, isLoss: Bool) {
        guard !isDecided, !isClosing else { return }
        decide()
        if let resolution, resolution.changesResponse {
            denial = loop.isolation.startTask { await self.deny(response, changedBy: resolution, $0) }
        } else {
            put(.deny(response))
        }
        if plays { end(Close(code: .abnormal, reason: reason, wasClean: false), isLoss: isLoss) }
    }

    private func deny(_ response: Response, changedBy resolution: Resolution, _ isolation: isolated LoopIsolation) async
    {
        var response = response
        do {
            try await resolution.finish(&response)
        } catch {
            failed(error)
            response = .status(.internalServerError)
        }
        put(.deny(response))
        denial = nil
        if hasEnded { outbox.end() }
    }

    /// Ends the outbox, after a refusal that middleware may still be changing.
    private func endOutbox() {
        hasEnded = true
        if denial == nil { outbox.end() }
    }

    func send(_ message: Message) -> SendState {
        let queued = outbox.cost
        if queued >= configuration.sendHardLimit {
            overflow("is \(queued) bytes behind")
            return .dropped
        }
        put(.send(message), cost: message.payload.count)
        return queued > configuration.sendSoftLimit ? .behind : .sent
    }

    func close(_ code: CloseCode, reason: String) {
        guard !isClosing else { return }
        guard plays else {
            isDecided = true
            session?.setOpen(false)
            return put(.close(code, reason: reason))
        }
        guard isAccepted else {
            guard !isDecided else { return }
            decide()
            put(.close(code, reason: reason))
            return end(Close(code: .abnormal, reason: "The handshake was refused.", wasClean: false), isLoss: false)
        }
        isClosing = true
        var code = code
        if !code.isSendable, code != .noCode {
            log.error(
                "Invalid close code \(code): closed with 1011 instead. Use 1000, or a code from 4000 to 4999.",
                metadata: ["path": "\(scope.path)"])
            code = .internalError
        }
        let payload = ClosePayload(code: code, reason: reason)
        put(.close(payload.code, reason: payload.reason))
        session?.setOpen(false)
        // The client replies with the same code (RFC 6455 §5.5.1). It does so in a later turn of the loop, since a real
        // reply has to travel.
        loop.execute { self.end(Close(code: payload.code, wasClean: true), isLoss: false) }
    }

    func forward(_ batch: EventBatch) {
        for event in batch.events {
            switch event.outgoing {
            case .success(let outgoing):
                _ = send(Message(outgoing.isText ? .text : .binary, validated: outgoing.payload))
            case .failure(let error):
                log.warning("A message of type '\(event.message.type ?? "")' could not be sent to sockets: \(error)")
            }
        }
    }

    func overflow(_ what: String) {
        log.warning("Disconnected the test as a slow peer. It \(what).", metadata: ["path": "\(scope.path)"])
        loop.execute { self.lose("The peer read too slowly.") }
        session?.setOpen(false)
    }

    var isBehind: Bool { outbox.cost > configuration.sendSoftLimit }

    func sendCloseReply() { session?.setOpen(false) }

    func pause() { isPaused = true }

    func resume() {
        isPaused = false
        pump()
    }

    func whenDrained(_ call: @escaping () -> Void) {
        guard !isClosing, outbox.cost > configuration.sendSoftLimit / 4 else { return call() }
        drainCalls.append(call)
    }

    func failed(_ error: any Error) {
        outbox.put(.failure(ApplicationFailure(error, at: scope.path)))
    }

    func sessionEnded() {
        session = nil
        loop.disarm(timer)
        endOutbox()
    }

    private func decide() {
        isDecided = true
        loop.disarm(timer)
    }

    private func put(_ output: ConsumerOutput, cost: Int = 0) {
        outbox.put(.success(output), cost: cost)
    }

    private func callDrained() {
        let calls = drainCalls
        drainCalls = []
        for call in calls { call() }
    }
}

/// An error for a route whose endpoint is not a consumer.
private struct NotAConsumer: Error, CustomStringConvertible {
    let endpoint: any WebSocketEndpoint
    var description: String { "\(type(of: endpoint)) is not a consumer. Route the WebSocket to a consumer." }
}
