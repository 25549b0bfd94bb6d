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
    let exchange: Exchange
    let server: ServerLoop
    let loop: EventLoop
    /// The loop's counters: by way of the server, each message would count a reference.
    let traffic: LoopTraffic
    /// What the client asked for; until that is decided.
    var opening: OpeningHandshake?
    /// The client, which a trusted proxy may have told.
    let client: SocketAddress
    private(set) var session: ConsumerSession?
    /// Frames are read from the acceptance on.
    private var parser: Box<FrameParser>?
    /// The queue of outgoing frames.
    let outlet: Outlet
    var encoder = FrameEncoder()
    var closing = CloseHandshake()
    /// What arrived while the consumer's mailbox was full.
    private var backlog = ByteBuffer()
    /// Nil if nothing is compressed: an idle socket keeps none.
    private var expansion: Box<ExpansionBudget>?
    /// The bytes of the unfinished message that the counters know of.
    private var heldBytes = 0
    let timer = LoopTimer()
    private(set) var lastHeard: Instant
    var heartbeat: Heartbeat
    private var pendingPong: Bytes?
    private var drainCalls: [() -> Void] = []

    // Small fields stand together: apart, each takes eight bytes of every idle socket.
    /// The code that the peer's error was answered with.
    private var failure: CloseCode?
    /// The code of our close frame.
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
    var isOver = false
    var waitsFor = Wait.decision
    // The limits of the configuration in bytes: read for each message, which by way of the server counts a reference.
    private let softLimit: UInt32
    private let hardLimit: UInt32

    var latency: Duration? { heartbeat.latency }

    init(exchange: Exchange, opening: OpeningHandshake, server: ServerLoop) {
        self.exchange = exchange
        self.server = server
        loop = server.loop
        traffic = server.traffic
        softLimit = UInt32(clamping: server.configuration.sendSoftLimit)
        hardLimit = UInt32(clamping: server.configuration.sendHardLimit)
        self.opening = opening
        client = opening.responder.client
        lastHeard = server.loop.now
        outlet = exchange.outlet
        heartbeat = Heartbeat(
            interval: server.configuration.pingInterval, timeout: server.configuration.pingTimeout)
    }

    /// Asks `consumer`, which has until `deadline` to decide.
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
        // Before the handshake is decided this is the end of an empty body, and no news.
        if !isAccepted { return }
        perform(closing.inputEnded("The peer ended the connection without a close frame."))
    }

    func peerHungUp(hasUnread: Bool) {
        // A close frame may be among the frames that are unread. The end shows again once they are read.
        if hasUnread || hasBacklog { return awaitProgress() }
        guard isAccepted else {
            over("The peer went away during the handshake.", isLoss: true)
            // What waits behind the handshake are frames, and no requests to go on with.
            return exchange.abort()
        }
        perform(closing.inputEnded("The peer went away."))
    }

    /// Treats the socket as lost if the consumer handles nothing for `ConsumerLimits.closeTimeout` after its peer has left.
    /// While reading is paused, nothing else would show that the peer is gone.
    private func awaitProgress() {
        guard isAccepted, !isOver, let session else { return }
        let before = session.progress
        let timer = LoopTimer()
        timer.action = { [weak self, timer] in
            timer.action = {}
            guard let self, !isOver, isPaused || isResting, let session = self.session else { return }
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

    func ended(_ error: TransportError?) {
        isOver = true
        loop.disarm(timer)
        hold(0)
        if holdsClose {
            // The peer closed in order before it left: what it sent is handled to the end, and cannot be answered.
            session?.setOpen(false)
            return callDrained()
        }
        perform(closing.transportLost(error?.description ?? ""))
        if !isAccepted {
            logEnd(
                Close(code: .abnormal, reason: error?.description ?? "", wasClean: false), ours: nil)
            over(error?.description ?? "", isLoss: true)
        }
        callDrained()
    }

    func serverStops() {
        if !isAccepted {
            refuse(.status(.serviceUnavailable), "The server stops.", "the server stops", isLoss: true)
        } else {
            close(.goingAway, reason: "The server stops.")
        }
    }

    /// Whether a close frame is among the frames that were kept while the consumer was busy.
    private var holdsClose: Bool {
        guard hasBacklog, closing.mayReceive, let parser, parser.value.isBetweenFrames else { return false }
        var bytes = ByteBuffer()
        swap(&bytes, &backlog)
        defer { swap(&bytes, &backlog) }
        return FrameParser.findsClose(in: bytes.span)
    }

    // MARK: Reading

    /// Reads frames as long as the consumer has room; the number of bytes that are done with.
    private func read(_ bytes: Span<UInt8>) -> Int {
        isReading = true
        defer { isReading = false }
        guard let session, let parser else { return bytes.count }
        let arena = server.arena
        var position = 0
        var count = 0
        // Once a read, not once a message.
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
                    // After our close frame reading goes on, discarding, until the peer's.
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

    /// Pauses reading if the socket used up its expansion budget, so that other sockets are served first.
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
            // Rare enough for a timer of its own.
            let timer = LoopTimer()
            timer.action = { [self, timer] in
                timer.action = {}
                goOn()
            }
            loop.arm(timer, after: duration)
        } else {
            // SAFETY: the call runs on the loop; nothing touches the driver from another thread.
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
        guard held != heldBytes, !isOver else { return }
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

    /// The peer broke the protocol or went over a limit.
    private func fail(_ error: WebSocketError) {
        failure = error.code
        if error.code == .messageTooBig { server.counters.reach(.messageSize) }
        perform(closing.failed(error))
    }

    /// Keeps what arrived for later.
    private func keep(_ bytes: Span<UInt8>) {
        backlog.append(bytes)
        hasBacklog = true
    }

    private func pong(_ payload: Bytes) {
        guard closing.maySend else { return }
        // A peer that pings without reading gets one answer, to its latest ping (RFC 6455 §5.5.3).
        if exchange.queuedBytes > softLimit {
            pendingPong = payload
            exchange.tellWhenDrained()
            return
        }
        outlet.write { FrameEncoder.append(.pong(payload), to: &$0) }
    }

    // MARK: From the consumer

    /// The answer that accepts is out, and frames follow.
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
        // What the client sent right behind its request is read now.
        exchange.resume()
    }

    func send(_ message: Message) -> SendState {
        let queued = outlet.count
        if queued >= hardLimit {
            if !isOver { server.counters.reach(.sendQueue) }
            overflow("is \(queued) bytes behind")
            return drop()
        }
        traffic.messagesSent.add()
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

    var isBehind: Bool { outlet.count > softLimit }

    /// The peer takes more slowly what it is sent than that comes, by far too much to wait for.
    func overflow(_ what: String) {
        if isOver { return }
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
                "The socket was to be closed with \(code), which no close frame may carry; 1011 was sent instead. Give 1000, or a code of your own from 4000 to 4999.",
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
        // While reading was paused nothing could be heard; the silence begins now.
        lastHeard = loop.now
        if !isResting { readOn() }
    }

    /// Reads what was kept, and then what arrives.
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
        guard !isOver, exchange.queuedBytes > softLimit / 4 else { return call() }
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
                outlet.write { FrameEncoder.append(.close(payload), to: &$0) }
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
        // Reading goes on for the peer's close frame, however little the consumer can take: messages are discarded.
        if isBeginning, closing.mayReceive { resume() }
    }

    func answered() {
        perform(closing.answered())
    }

    /// Starts the timeout for the peer's close frame once ours is sent, because much may be queued in front of it. The
    /// answers to the messages before the peer's close frame have the same timeout, from its arrival on.
    private func awaitCloseFrame() {
        if exchange.queuedBytes == 0 || closing.isAnswering {
            return wait(.closeFrame, server.configuration.closeTimeout)
        }
        waitsFor = .closeSent
        loop.disarm(timer)
        exchange.tellWhenDrained()
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
