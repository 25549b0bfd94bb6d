import StraitConsumers
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// Drives one WebSocket over an exchange: frames in, events to the consumer's session, messages out as frames.
/// Loop-bound.
///
/// The way of a frame: ``received(_:)`` → ``FrameParser`` → ``ConsumerSession/deliver(_:)`` → the consumer, which calls
/// ``send(_:)`` → ``FrameEncoder`` → the stream's queue.
final class WebSocketDriver: ExchangeDriver, ConsumerTransport {
    private let exchange: Exchange
    private let server: ServerLoop
    private let loop: EventLoop
    /// What the client asked for; until it is answered.
    private var handshake: HandshakeRequest?
    /// Who sends a refusal; of no more use once the handshake is accepted.
    private var responder: Responder?
    /// The client, which a trusted proxy may have told.
    private let client: SocketAddress
    /// What middleware adds to the answer that accepts.
    private let acceptHeaders: HTTPFields
    private var session: ConsumerSession?
    /// Frames are read from the acceptance on.
    private var parser: Box<FrameParser>?
    private var isAccepted = false
    /// Where frames are queued.
    private let outlet: Outlet
    private let softLimit: Int
    private let hardLimit: Int
    private var isCompressing = false
    /// From the acceptance until either side begins to close.
    private var isOpen = false
    private var encoder = FrameEncoder()
    private var closing = CloseHandshake()
    /// What arrived while the consumer's mailbox was full.
    private var backlog = ByteBuffer()
    private var hasBacklog = false
    private var isPaused = false
    private var isReading = false
    private var isOver = false
    /// Whether the handshake was refused.
    private var isDecided = false
    private let timer = LoopTimer()
    private var waitsFor = Wait.decision
    private var lastHeard: Instant
    private var pingSent: Instant?
    private var pendingPong: Bytes?
    private var drainCalls: [() -> Void] = []
    private(set) var latency: Duration?

    /// What the timer is armed for.
    private enum Wait {
        case decision, silence, pong, closeFrame
    }

    init(
        exchange: Exchange, handshake: HandshakeRequest, server: ServerLoop, responder: Responder,
        acceptHeaders: HTTPFields
    ) {
        self.acceptHeaders = acceptHeaders
        self.exchange = exchange
        self.server = server
        loop = server.loop
        self.handshake = handshake
        self.responder = responder
        client = responder.client
        lastHeard = server.loop.now
        outlet = exchange.outlet
        softLimit = server.configuration.sendSoftLimit
        hardLimit = server.configuration.sendHardLimit
    }

    /// Asks `consumer`, which has until `deadline` to decide.
    func begin(_ consumer: Consumer, scope: Scope, until deadline: Instant) {
        let session = ConsumerSession(
            consumer: consumer, scope: scope, transport: self, loop: loop,
            limits: server.configuration.consumers, log: server.log, counters: server.counters.consumers)
        self.session = session
        server.consumerBegan()
        timer.action = { [unowned self] in timerFired() }
        loop.arm(timer, at: deadline)
        session.begin()
    }

    // MARK: From the exchange

    func received(_ bytes: Span<UInt8>) {
        lastHeard = loop.now
        if isPaused || isReading || hasBacklog { return keep(bytes) }
        let consumed = read(bytes)
        if consumed < bytes.count { keep(bytes.extracting(consumed..<bytes.count)) }
    }

    func receivedEnd() {
        // Before the handshake is decided this is the end of an empty body, and no news.
        if !isAccepted { return }
        perform(closing.transportLost("The peer ended the connection without a close frame."))
        exchange.finish()
    }

    func peerHungUp() {
        if isAccepted {
            perform(closing.transportLost("The peer went away."))
        } else {
            over("The peer went away during the handshake.", isLoss: true)
            // What waits behind the handshake are frames, and no requests to go on with.
            return exchange.abort()
        }
        exchange.finish()
    }

    func drained() {
        if let payload = pendingPong {
            pendingPong = nil
            pong(payload)
        }
        callDrained()
    }

    func ended(_ error: TransportError?) {
        isOver = true
        loop.disarm(timer)
        perform(closing.transportLost(error?.description ?? ""))
        if !isAccepted, !isDecided {
            server.accessLog?.disconnected(peer: client, path: exchange.head.rawPath)
            over(error?.description ?? "", isLoss: true)
        }
        callDrained()
    }

    func serverStops() {
        if !isAccepted {
            refuse(.status(.serviceUnavailable), "The server stops.", isLoss: true)
        } else {
            close(.goingAway, reason: "The server stops.")
        }
    }

    // MARK: Reading

    /// Reads frames as long as the consumer has room; the number of bytes that are done with.
    private func read(_ bytes: Span<UInt8>) -> Int {
        isReading = true
        defer { isReading = false }
        guard let session, let parser else { return bytes.count }
        let arena = server.arena
        var position = 0
        do throws(WebSocketError) {
            while !isPaused, let event = try parser.value.next(bytes, &position, arena: &arena.value) {
                switch consume event {
                case .message(let message):
                    // After our close frame reading goes on, discarding, until the peer's.
                    if isOpen { session.deliver(message) } else { server.counters.dropAfterClose() }
                case .ping(let payload): pong(payload)
                case .pong: heardPong()
                case .close(let payload): perform(closing.received(payload))
                }
            }
        } catch {
            perform(closing.failed(error))
            return bytes.count
        }
        return position
    }

    /// Keeps what arrived for later.
    private func keep(_ bytes: Span<UInt8>) {
        backlog.append(bytes)
        hasBacklog = true
    }

    private func pong(_ payload: Bytes) {
        guard closing.maySend else { return }
        // A peer that pings without reading gets one answer, to its latest ping (RFC 6455 §5.5.3).
        if exchange.queuedBytes > server.configuration.sendSoftLimit {
            pendingPong = payload
            exchange.tellWhenDrained()
            return
        }
        outlet.write { FrameEncoder.append(.pong(payload), to: &$0) }
    }

    private func heardPong() {
        guard let pingSent else { return }
        latency = pingSent.duration(to: loop.time.now)
        self.pingSent = nil
    }

    // MARK: From the consumer

    func accept(subprotocol: String?, headers: HTTPFields) {
        do {
            var headers = headers
            headers.append(contentsOf: acceptHeaders)
            guard
                let acceptance = try handshake?.accept(
                    subprotocol: subprotocol, headers: headers.map { HandshakeField($0.name, $0.value) },
                    deflate: server.configuration.compression)
            else { return }
            handshake = nil
            var fields = HTTPFields()
            for field in acceptance.fields { try fields.append(field.name, field.value) }
            let limits = server.configuration.messageLimits
            if let deflate = acceptance.deflate, let options = server.configuration.compression {
                parser = Box(
                    FrameParser(
                        role: .server, limits: limits, inflater: deflate.inflater(.server, codecs: server.codecs)))
                encoder = FrameEncoder(deflater: deflate.deflater(.server, codecs: server.codecs, options: options))
                isCompressing = true
            } else {
                parser = Box(FrameParser(role: .server, limits: limits))
            }
            isAccepted = true
            try exchange.upgrade(HTTPResponseHead(status: .switchingProtocols, fields: fields))
            server.accessLog?.connected(peer: client, path: exchange.head.rawPath)
            isOpen = true
            session?.setOpen(true)
            responder = nil
            lastHeard = loop.now
            wait(.silence, server.configuration.pingInterval)
            // What the client sent right behind its request is read now.
            exchange.resume()
        } catch {
            isAccepted = false
            parser = nil
            server.log.error("The handshake for \(exchange.head.rawPath) could not be accepted: \(error)")
            deny(.status(.internalServerError))
        }
    }

    func deny(_ response: Response) {
        // The handler that refuses goes on to its end: nothing was lost.
        refuse(response, "The handshake was refused.", isLoss: false)
    }

    /// Answers the handshake with `response`. A loss also cancels the handler that has not decided.
    private func refuse(_ response: Response, _ reason: String, isLoss: Bool) {
        guard !isAccepted, !isOver else { return }
        isOver = true
        isDecided = true
        loop.disarm(timer)
        responder?.sendLater(response)
        responder = nil
        over(reason, isLoss: isLoss)
    }

    func send(_ message: Message) -> SendState {
        let queued = outlet.count
        if queued >= hardLimit {
            overflow(queued)
            return drop()
        }
        let count = message.payload.count
        if isCompressing || count > 0xFFFF {
            let (header, payload) = encoder.encode(message)
            outlet.write { $0.append(header.span) }
            outlet.write(payload)
        } else {
            let (header, headerCount) = FrameHeader.small(message.kind, length: count)
            outlet.write(header: header, headerCount: headerCount, message.payload)
        }
        return queued > softLimit ? .behind : .sent
    }

    private func drop() -> SendState {
        server.counters.consumers.dropOutbound(1)
        return .dropped
    }

    /// The peer reads more slowly than it is sent to, by far too much to wait for.
    private func overflow(_ queued: Int) {
        server.log.warning(
            "\(exchange.peer) is \(queued) bytes behind on \(exchange.head.rawPath) and is disconnected.")
        server.counters.disconnectSlow()
        let error = closing.transportLost("The peer read too slowly.")
        perform(error)
        exchange.abort()
    }

    func close(_ code: CloseCode, reason: String) {
        guard isAccepted else {
            if session != nil { deny(.status(.forbidden)) }
            return
        }
        do throws(UnsendableCloseCode) {
            perform(try closing.close(code, reason: reason))
        } catch {
            server.log.error("A close frame must not carry \(code); 1011 was sent instead.")
            if let actions = try? closing.close(.internalError) { perform(actions) }
        }
    }

    func pause() {
        isPaused = true
        exchange.pause()
    }

    func resume() {
        guard isPaused else { return }
        isPaused = false
        // While reading was paused nothing could be heard; the silence begins now.
        lastHeard = loop.now
        if hasBacklog, !isReading {
            let bytes = backlog.take()
            hasBacklog = false
            let consumed = read(bytes.span)
            if consumed < bytes.count { keep(bytes.slice(consumed..<bytes.count).span) }
        }
        if !isPaused { exchange.resume() }
    }

    func whenDrained(_ call: @escaping () -> Void) {
        guard !isOver, exchange.queuedBytes > server.configuration.sendSoftLimit / 4 else { return call() }
        drainCalls.append(call)
        exchange.tellWhenDrained()
    }

    func sessionEnded() {
        session = nil
        server.consumerEnded()
    }

    private func callDrained() {
        let calls = drainCalls
        drainCalls = []
        for call in calls { call() }
    }

    // MARK: The end

    private func perform(_ actions: [CloseHandshake.Action]) {
        if isOpen, !closing.maySend {
            isOpen = false
            session?.setOpen(false)
        }
        for action in actions {
            switch action {
            case .send(let payload):
                outlet.write { FrameEncoder.append(.close(payload), to: &$0) }
            case .startDeadline:
                wait(.closeFrame, server.configuration.closeTimeout)
            case .shutTransport:
                loop.disarm(timer)
                exchange.finish()
            case .abortTransport:
                loop.disarm(timer)
                exchange.abort()
            case .report(let close):
                if isAccepted { report(close) }
            }
        }
    }

    private func report(_ close: Close) {
        server.accessLog?.disconnected(peer: client, path: exchange.head.rawPath)
        loop.disarm(timer)
        session?.end(close, isLoss: !close.wasClean)
        callDrained()
    }

    /// It was over before it was accepted.
    private func over(_ reason: String, isLoss: Bool) {
        session?.end(Close(code: .abnormal, reason: reason, wasClean: false), isLoss: isLoss)
    }

    // MARK: Time

    private func wait(_ what: Wait, _ duration: Duration) {
        waitsFor = what
        loop.arm(timer, after: duration)
    }

    private func timerFired() {
        switch waitsFor {
        case .decision:
            server.log.warning(
                "The consumer for \(exchange.head.rawPath) neither accepted nor refused in time; the handshake is refused."
            )
            refuse(.status(.serviceUnavailable), "The handshake took too long.", isLoss: true)
        case .closeFrame:
            perform(closing.deadlinePassed())
        case .silence, .pong:
            watchSilence()
        }
    }

    /// Pings a silent peer, and gives up one that stays silent. Armed once an interval, not with every message.
    private func watchSilence() {
        let configuration = server.configuration
        if isPaused {
            // A peer that we do not read from cannot be heard.
            wait(.silence, configuration.pingInterval)
            return
        }
        let silence = lastHeard.duration(to: loop.now)
        if case .pong = waitsFor, let pingSent, lastHeard < pingSent {
            server.log.info("\(exchange.peer) answered no ping on \(exchange.head.rawPath) and is given up.")
            perform(closing.transportLost("The peer answered no ping."))
            exchange.abort()
        } else if silence < configuration.pingInterval {
            wait(.silence, configuration.pingInterval - silence)
        } else {
            pingSent = loop.now
            outlet.write { FrameEncoder.append(.ping(Bytes("strait")), to: &$0) }
            wait(.pong, configuration.pingTimeout)
        }
    }
}
