import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitWebSocket

/// A server-side WebSocket on an exchange. It decodes frames for the consumer's session and encodes the consumer's
/// messages. Loop-bound.
///
/// A message takes this path: ``received(_:)`` → ``FrameParser`` → ``ConsumerSession/deliver(_:)`` → the consumer,
/// which calls ``send(_:)`` → ``FrameEncoder`` → the stream's queue.
final class WebSocketDriver: ExchangeDriver, ConsumerTransport {
    let exchange: any Exchange
    let server: ServerLoop
    let loop: EventLoop
    /// The loop's counters. Reaching them through the server would retain and release an object for each message.
    let traffic: LoopTraffic
    /// The client's handshake; nil after it is accepted or refused.
    var opening: OpeningHandshake?
    /// The client's address, which a trusted proxy may have forwarded.
    let client: SocketAddress
    private(set) var session: ConsumerSession?
    /// The frame parser; nil before the socket is accepted.
    var parser: Box<FrameParser>?
    /// The queue of outgoing frames.
    let writeQueue: WriteQueue
    var encoder = FrameEncoder()
    var closing = CloseHandshake()
    /// The bytes that arrived while the consumer's mailbox was full or reading was paused.
    var backlog = ByteBuffer()
    /// The budget for expanding messages; nil without compression, to save memory.
    var expansion: Box<ExpansionBudget>?
    /// The bytes of the unfinished message, as last reported to the counters.
    var heldBytes = 0
    let timer = LoopTimer()
    private(set) var lastHeard: Instant
    var heartbeat: Heartbeat
    var pendingPong: Bytes?
    private var drainCalls: [() -> Void] = []

    // Small properties are declared together. Apart, each would take eight bytes of every idle socket.
    /// The code that was sent in response to the peer's error.
    var failure: CloseCode?
    /// The code of the server's close frame.
    var sentCode: CloseCode?
    private(set) var isAccepted = false
    var isCompressing = false
    /// Whether the socket is accepted and neither side has begun to close it.
    var isOpen = false
    var hasBacklog = false
    var isPaused = false
    var isReading = false
    /// Whether reading is paused because the socket used up its expansion budget.
    var isResting = false
    var hasEnded = false
    var waitsFor = Wait.decision
    // Limits from the configuration in bytes. They are read for each message, so they are copied here. Reaching them
    // through the server would retain and release an object.
    let softLimit: UInt32
    private let hardLimit: UInt32

    var latency: Duration? { heartbeat.latency }

    init(exchange: any Exchange, opening: OpeningHandshake, server: ServerLoop) {
        self.exchange = exchange
        self.server = server
        loop = server.loop
        traffic = server.traffic
        softLimit = UInt32(clamping: server.configuration.sendSoftLimit)
        hardLimit = UInt32(clamping: server.configuration.sendHardLimit)
        self.opening = opening
        client = opening.responder.client
        lastHeard = server.loop.now
        writeQueue = exchange.writeQueue
        heartbeat = Heartbeat(
            interval: server.configuration.pingInterval, timeout: server.configuration.pingTimeout)
    }

    /// Starts the session of `consumer`, which must decide before `deadline`.
    func begin(_ consumer: Consumer, scope: Scope, until deadline: Instant) {
        let session = ConsumerSession(
            consumer: consumer, scope: scope, transport: self, loop: loop,
            limits: server.configuration.consumers, log: server.log,
            counters: server.counters.consumers)
        self.session = session
        server.consumerBegan()
        timer.action = { [unowned self] in timerFired() }
        loop.arm(timer, at: deadline)
        session.begin()
    }

    // MARK: From the exchange

    var expectsFrames: Bool { true }

    func received(_ bytes: Span<UInt8>) {
        lastHeard = loop.now
        if isPaused || isReading || isResting || hasBacklog { return keep(bytes) }
        let consumed = read(bytes)
        if consumed < bytes.count { keep(bytes.extracting(consumed..<bytes.count)) }
        noteHeld()
    }

    func receivedEnd() {
        // Before the handshake is decided, this is only the end of the request's empty body.
        if !isAccepted { return }
        perform(closing.inputEnded("The peer ended the connection without a close frame."))
    }

    func peerHungUp(hasUnread: Bool) {
        // The unread frames may include a close frame. After they are read, the end is reported again.
        if hasUnread || hasBacklog { return awaitProgress() }
        guard isAccepted else {
            endSession("The peer went away during the handshake.", isLoss: true)
            // The bytes after the handshake are frames, not requests.
            return exchange.abort()
        }
        perform(closing.inputEnded("The peer went away."))
    }

    /// Treats the socket as lost if the consumer handles nothing for `ConsumerLimits.closeTimeout` after its peer has
    /// disconnected. While reading is paused, nothing else would show that the peer is gone.
    private func awaitProgress() {
        guard isAccepted, !hasEnded, let session else { return }
        let before = session.progress
        let timer = LoopTimer()
        timer.action = { [weak self, timer] in
            timer.action = {}
            guard let self, !hasEnded, isPaused || isResting, let session = self.session else { return }
            if session.progress != before { return awaitProgress() }
            perform(closing.inputEnded("The peer went away."))
        }
        loop.arm(timer, after: server.configuration.consumers.closeTimeout)
    }

    func drained() {
        if let payload = pendingPong {
            pendingPong = nil
            pong(payload)
        }
        if case .closeSent = waitsFor, closing.mayReceive { awaitCloseFrame() }
        callDrained()
    }

    func closed(_ error: TransportError?) {
        hasEnded = true
        loop.disarm(timer)
        hold(0)
        if holdsClose {
            // The peer sent a close frame before it disconnected. Its messages are still handled, but cannot be
            // answered.
            session?.setOpen(false)
            return callDrained()
        }
        perform(closing.transportLost(error?.description ?? ""))
        if !isAccepted {
            logEnd(
                Close(code: .abnormal, reason: error?.description ?? "", wasClean: false), ours: nil)
            endSession(error?.description ?? "", isLoss: true)
        }
        callDrained()
    }

    func serverStops() {
        if !isAccepted {
            refuse(.status(.serviceUnavailable), "The server is stopping.", "the server is stopping", isLoss: true)
        } else {
            close(.goingAway, reason: "The server is stopping.")
        }
    }

    /// Whether the frames kept while the consumer was busy include a close frame.
    private var holdsClose: Bool {
        guard hasBacklog, closing.mayReceive, let parser, parser.value.isBetweenFrames else { return false }
        var bytes = ByteBuffer()
        swap(&bytes, &backlog)
        defer { swap(&bytes, &backlog) }
        return FrameParser.findsClose(in: bytes.span)
    }

    // MARK: From the consumer

    /// Opens the socket after the accepting response was queued.
    func accepted(_ deflate: DeflateParameters?) {
        opening = nil
        let limits = server.configuration.messageLimits
        if let deflate, let options = server.configuration.compression {
            parser = Box(
                FrameParser(role: .server, limits: limits, inflater: deflate.inflater(.server, codecs: server.codecs)))
            encoder = FrameEncoder(deflater: deflate.deflater(.server, codecs: server.codecs, options: options))
            isCompressing = true
            expansion = Box(ExpansionBudget())
        } else {
            parser = Box(FrameParser(role: .server, limits: limits))
        }
        isAccepted = true
        traffic.handshakes.add()
        traffic.sockets.add()
        server.accessLog?.connected(peer: client, path: exchange.head.rawPath)
        isOpen = true
        session?.setOpen(true)
        lastHeard = loop.now
        wait(.silence, heartbeat.interval)
        // Reads the bytes that the client sent right after its request.
        exchange.resume()
    }

    func send(_ message: Message) -> SendState {
        let queued = writeQueue.count
        if queued >= hardLimit {
            if !hasEnded { server.counters.reach(.sendQueue) }
            overflow("is \(queued) bytes behind")
            return drop()
        }
        traffic.messagesSent.add()
        let count = message.payload.count
        if isCompressing || count > 0xFFFF {
            let (header, payload) = encoder.encode(message)
            writeQueue.write { $0.append(header.span) }
            writeQueue.write(payload)
        } else {
            let (header, headerCount) = FrameHeader.small(message.kind, length: count)
            writeQueue.write(header: header, headerCount: headerCount, message.payload)
        }
        return queued > softLimit ? .behind : .sent
    }

    private func drop() -> SendState {
        server.counters.consumers.dropOutbound(1)
        return .dropped
    }

    var isBehind: Bool { writeQueue.count > softLimit }

    /// Disconnects a peer that is too far behind to wait for.
    func overflow(_ what: String) {
        if hasEnded { return }
        server.log.warning("The peer is disconnected. It \(what).", metadata: place)
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
            server.log.error(
                """
                A consumer called close() with \(code), which a close frame cannot carry; 1011 was sent instead. Use \
                1000, or an application code from 4000 to 4999.
                """,
                metadata: place)
            if let actions = try? closing.close(.internalError) { perform(actions) }
        }
    }

    func pause() {
        isPaused = true
        traffic.mailboxPauses.add()
        heartbeat.pause()
        exchange.pause()
    }

    func resume() {
        guard isPaused else { return }
        isPaused = false
        // Nothing could be received while reading was paused, so the silence begins now.
        lastHeard = loop.now
        if !isResting { readOn() }
    }

    func whenDrained(_ call: @escaping () -> Void) {
        guard !hasEnded, exchange.queuedBytes > softLimit / 4 else { return call() }
        drainCalls.append(call)
        exchange.notifyWhenDrained()
    }

    /// The session has logged the error, and refuses or closes the socket.
    func failed(_ error: any Error) {}

    func sessionEnded() {
        session = nil
        server.consumerEnded()
    }

    func callDrained() {
        let calls = drainCalls
        drainCalls = []
        for call in calls { call() }
    }
}
