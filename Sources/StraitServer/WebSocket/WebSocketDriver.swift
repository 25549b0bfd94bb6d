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
    private var parser: Box<FrameParser>?
    /// The queue of outgoing frames.
    let writeQueue: WriteQueue
    var encoder = FrameEncoder()
    var closing = CloseHandshake()
    /// The bytes that arrived while the consumer's mailbox was full or reading was paused.
    private var backlog = ByteBuffer()
    /// The budget for expanding messages; nil without compression, to save memory.
    private var expansion: Box<ExpansionBudget>?
    /// The bytes of the unfinished message, as last reported to the counters.
    private var heldBytes = 0
    let timer = LoopTimer()
    private(set) var lastHeard: Instant
    var heartbeat: Heartbeat
    private var pendingPong: Bytes?
    private var drainCalls: [() -> Void] = []

    // Small properties are declared together. Apart, each would take eight bytes of every idle socket.
    /// The code that was sent in response to the peer's error.
    private var failure: CloseCode?
    /// The code of the server's close frame.
    private var sentCode: CloseCode?
    private(set) var isAccepted = false
    private(set) var isCompressing = false
    /// Whether the socket is accepted and neither side has begun to close it.
    private var isOpen = false
    private var hasBacklog = false
    private(set) var isPaused = false
    private var isReading = false
    /// Whether reading is paused because the socket used up its expansion budget.
    private var isResting = false
    var hasEnded = false
    var waitsFor = Wait.decision
    // Limits from the configuration in bytes. They are read for each message, so they are copied here. Reaching them
    // through the server would retain and release an object.
    private let softLimit: UInt32
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

    // MARK: Reading

    /// Reads frames while the consumer has room. Returns the number of consumed bytes.
    private func read(_ bytes: Span<UInt8>) -> Int {
        isReading = true
        defer { isReading = false }
        guard let session, let parser else { return bytes.count }
        let arena = server.arena
        var position = 0
        var count = 0
        // Counted once for each read, not for each message.
        defer { traffic.messagesReceived.add(count) }
        do throws(WebSocketError) {
            var begin = position
            defer { if isCompressing { expansion?.value.received(position - begin) } }
            while !isPaused, !isResting, let event = try parser.value.next(bytes, &position, arena: &arena.value) {
                switch consume event {
                case .message(let message):
                    count &+= 1
                    if isCompressing {
                        spend(message.payload.count, packed: position - begin)
                        begin = position
                    }
                    // After the server's close frame, messages are read and discarded until the peer's close frame.
                    if isOpen { session.deliver(message) } else { server.counters.dropAfterClose() }
                case .ping(let payload): pong(payload)
                case .pong(let payload): heartbeat.heard(pong: payload, now: loop.time.now)
                case .close(let payload): perform(closing.received(payload))
                }
            }
        } catch {
            fail(error)
            return bytes.count
        }
        return position
    }

    /// Pauses reading if the socket has used up its expansion budget, so that other sockets are served first.
    private func spend(_ count: Int, packed: Int) {
        switch expansion?.value.spend(count, packed: packed) {
        case .none?, nil: return
        case .turn?: rest(for: nil)
        case .time(let duration)?:
            traffic.expansionRests.add()
            rest(for: duration)
        }
    }

    private func rest(for duration: Duration?) {
        isResting = true
        exchange.pause()
        if let duration {
            // This is rare enough for a separate timer.
            let timer = LoopTimer()
            timer.action = { [self, timer] in
                timer.action = {}
                goOn()
            }
            loop.arm(timer, after: duration)
        } else {
            // SAFETY: the call runs on the loop, and no other thread uses the driver.
            nonisolated(unsafe) let driver = self
            loop.execute { unsafe driver.goOn() }
        }
    }

    private func goOn() {
        isResting = false
        if !isPaused { readOn() }
    }

    /// Reports the size of the unfinished message to the counters. Closes the socket if all unfinished messages
    /// together exceed the limit.
    private func noteHeld() {
        guard let parser else { return }
        let held = parser.value.heldCapacity
        guard held != heldBytes, !hasEnded else { return }
        let isMore = held > heldBytes
        guard hold(held) > server.configuration.unfinishedMessages, isMore else { return }
        server.counters.reach(.unfinishedMessages)
        parser.value.end()
        hold(0)
        fail(.tooManyUnfinished)
    }

    @discardableResult
    private func hold(_ bytes: Int) -> Int {
        defer { heldBytes = bytes }
        return server.counters.holdUnfinished(bytes - heldBytes)
    }

    /// Closes the socket because the peer violated the protocol or exceeded a limit.
    private func fail(_ error: WebSocketError) {
        failure = error.code
        if error.code == .messageTooBig { server.counters.reach(.messageSize) }
        perform(closing.failed(error))
    }

    /// Keeps received bytes for later.
    private func keep(_ bytes: Span<UInt8>) {
        backlog.append(bytes)
        hasBacklog = true
    }

    private func pong(_ payload: Bytes) {
        guard closing.maySend else { return }
        // A peer that pings without reading gets one pong, for its latest ping (RFC 6455 §5.5.3).
        if exchange.queuedBytes > softLimit {
            pendingPong = payload
            exchange.notifyWhenDrained()
            return
        }
        writeQueue.write { FrameEncoder.append(.pong(payload), to: &$0) }
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

    /// Reads the kept bytes, and then newly received ones.
    private func readOn() {
        if hasBacklog, !isReading {
            let bytes = backlog.take()
            hasBacklog = false
            let consumed = read(bytes.span)
            if consumed < bytes.count { keep(bytes.slice(consumed..<bytes.count).span) }
            noteHeld()
        }
        if !isPaused, !isResting { exchange.resume() }
    }

    func whenDrained(_ call: @escaping () -> Void) {
        guard !hasEnded, exchange.queuedBytes > softLimit / 4 else { return call() }
        drainCalls.append(call)
        exchange.notifyWhenDrained()
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

    func perform(_ actions: [CloseHandshake.Action]) {
        let isBeginning = isOpen && !closing.maySend
        if isBeginning {
            isOpen = false
            session?.setOpen(false)
        }
        for action in actions {
            switch action {
            case .send(let payload):
                sentCode = payload.code
                writeQueue.write { FrameEncoder.append(.close(payload), to: &$0) }
            case .startDeadline:
                awaitCloseFrame()
            case .shutTransport:
                loop.disarm(timer)
                if closing.peerHasClosed { exchange.expectNothing() }
                exchange.finish()
            case .abortTransport:
                loop.disarm(timer)
                exchange.abort()
            case .report(let close, let isLoss):
                if isAccepted { report(close, isLoss: isLoss) }
            }
        }
        // Reading continues until the peer's close frame, even if the mailbox is full: messages are discarded.
        if isBeginning, closing.mayReceive { resume() }
    }

    func sendCloseReply() {
        perform(closing.sendReply())
    }

    /// Starts the timeout for the peer's close frame after the server's close frame is sent, because much output may be
    /// queued before it.
    ///
    /// If the peer closed first, the same timeout limits the answers to its earlier messages, from the arrival of its
    /// close frame on.
    private func awaitCloseFrame() {
        if exchange.queuedBytes == 0 || closing.isAnswering {
            return wait(.closeFrame, server.configuration.closeTimeout)
        }
        waitsFor = .closeSent
        loop.disarm(timer)
        exchange.notifyWhenDrained()
    }

    private func report(_ close: Close, isLoss: Bool) {
        let ours = failure ?? sentCode
        traffic.sockets.add(-1)
        server.counters.closeSocket(ours ?? close.code)
        logEnd(close, ours: ours)
        if !closing.isAnswering { loop.disarm(timer) }
        session?.end(close, isLoss: isLoss)
        callDrained()
    }
}
