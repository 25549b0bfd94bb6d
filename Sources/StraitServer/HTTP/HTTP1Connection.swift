import StraitHTTP
import StraitNetwork
import StraitWebSocket

/// Drives HTTP/1.1 over a stream: one exchange after the other, as they come. Loop-bound.
///
/// It reads a request, hands its exchange to the server, and reads on when the response is complete. What a client
/// sends ahead meanwhile (pipelining) waits in `backlog`, which is as large as one read at most.
final class HTTP1Connection: StreamOwner {
    let stream: ByteStream
    let server: ServerLoop
    /// Nil after an upgrade: what follows is another protocol's. In a box, so that its memory goes then.
    private var parser: Box<HTTPRequestParser>?
    /// What was read and not consumed yet.
    private var backlog = ByteBuffer()
    private var current: HTTP1Exchange?
    private var isParsing = false
    private var isEnding = false
    private var isUpgraded = false
    /// Whether the client is known to have finished sending, or to be gone.
    private(set) var peerHasHungUp = false
    /// Whether the next request has to wait: the client has to read queued responses first, or the loop has to serve
    /// other connections.
    private var isHeldBack = false
    /// Whether the connection waits for the next turn of the loop.
    private var isResting = false
    /// The turn of the loop in which the latest request began, and how many began in it.
    private var turn: UInt32 = 0
    private var requestsInTurn: UInt32 = 0
    /// The maximum number of pipelined requests to begin in one turn of the loop.
    private static let requestsPerTurn = 16
    /// Nil after an upgrade.
    private var deadline: ReadDeadline?
    /// How much of an unwanted body is still read and discarded to keep the connection.
    private var discard = 0

    init(stream: ByteStream, server: ServerLoop) {
        self.stream = stream
        self.server = server
        parser = Box(HTTPRequestParser(limits: server.configuration.httpLimits))
        stream.attach(self)
        stream.stallTimeout = server.configuration.stallTimeout
        deadline = ReadDeadline(server: server) { [unowned self] in timedOut() }
        deadline?.begin(.firstByte)
    }

    /// The server stops: the exchange that is under way is the last one.
    func stop() {
        isEnding = true
        if let current {
            current.driver?.serverStops()
        } else {
            stream.finish()
        }
    }

    // MARK: Stream

    func received(_ bytes: Span<UInt8>) {
        server.traffic.bytesReceived.add(bytes.count)
        if isUpgraded {
            current?.driver?.received(bytes)
            return
        }
        if isParsing || !backlog.isEmpty || !canParse {
            backlog.append(bytes)
            if isParsing { return }
            parseBacklog()
        } else {
            let consumed = parse(bytes)
            if consumed < bytes.count { backlog.append(bytes.extracting(consumed..<bytes.count)) }
            if isUpgraded { return deliverBacklog() }
        }
        if !canParse, !backlog.isEmpty { stream.pauseReading() }
    }

    func peerFinished() {
        guard let current else { return stream.finish() }
        if isUpgraded { return current.driver?.receivedEnd() ?? stream.finish() }
        isEnding = true
        if !current.requestEnded { close(current, .reset) } else { peerHungUp(hasUnread: false) }
    }

    func peerHungUp(hasUnread: Bool) {
        // A close frame may be among the frames that are unread: only it tells whether the socket is lost.
        let expectsFrames = current?.driver?.expectsFrames == true
        let hasFrames = expectsFrames && (hasUnread || holdsClose)
        if !hasFrames { peerHasHungUp = true }
        current?.driver?.peerHungUp(hasUnread: hasFrames)
    }

    /// Whether a close frame is among the frames that came behind a handshake.
    private var holdsClose: Bool {
        var bytes = ByteBuffer()
        swap(&bytes, &backlog)
        defer { swap(&bytes, &backlog) }
        return FrameParser.findsClose(in: bytes.span)
    }

    func wrote(_ count: Int) { server.traffic.bytesSent.add(count) }

    func drained() {
        current?.driver?.drained()
        guard isHeldBack else { return }
        isHeldBack = false
        if !isResting { awaitRequest() }
    }

    func closed(_ error: TransportError?) {
        deadline?.cancel()
        deadline = nil
        if error == .stalled { server.counters.reach(.stallTime) }
        if let current { end(current, error ?? .closed) }
        server.remove(self)
    }

    // MARK: Requests

    private var canParse: Bool {
        guard let current else { return !isEnding && !isHeldBack && !isResting }
        return !isUpgraded && !current.requestEnded && (!current.isPaused || current.responseEnded)
    }

    /// Reads on in what waits.
    private func parseBacklog() {
        guard !isParsing else { return }
        // Of a request that is under way the parser may know the end without another byte.
        var isDue = current != nil
        while canParse, isDue || !backlog.isEmpty {
            isDue = false
            var input = ByteBuffer()
            swap(&input, &backlog)
            let consumed = parse(input.span)
            let stuck = consumed == 0
            input.consume(consumed)
            // What arrived during the call lies behind what is left.
            if !backlog.isEmpty { input.append(backlog.span) }
            swap(&input, &backlog)
            if stuck { break }
        }
        if backlog.isEmpty { backlog.removeAll(keepingCapacity: false) }
        if isUpgraded { return deliverBacklog() }
        if canParse { stream.resumeReading() }
    }

    private func deliverBacklog() {
        guard !backlog.isEmpty else { return stream.resumeReading() }
        let bytes = backlog.take()
        stream.resumeReading()
        current?.driver?.received(bytes.span)
    }

    /// Reads as many events as there may be now; the number of bytes that are done with.
    private func parse(_ input: Span<UInt8>) -> Int {
        isParsing = true
        defer { isParsing = false }
        var position = 0
        do throws(HTTPParseError) {
            while canParse {
                let rest = input.extracting(position..<input.count)
                guard let step = try parser?.value.parse(rest) else { return position }
                position += step.consumed
                switch step.event {
                case .needMore:
                    // Between two requests with nothing of the next one: the time to keep the connection goes on.
                    if current != nil || position < input.count || parser?.value.isInsideRequest == true {
                        awaitMore()
                    }
                    return position
                case .head(let head):
                    if head.body == .none {
                        // Nothing follows: the request is complete before it is answered.
                        let end = try parser?.value.parse(input.extracting(position..<position))
                        position += end?.consumed ?? 0
                    }
                    begin(head)
                case .body(let range):
                    receivedBody(rest.extracting(range))
                case .end:
                    receivedEnd()
                }
            }
        } catch {
            refuse(error)
            return input.count
        }
        return position
    }

    private func begin(_ head: HTTPRequestHead) {
        deadline?.beginRequest()
        countRequest()
        let exchange = HTTP1Exchange(head: head, connection: self)
        exchange.encoder = HTTPResponseEncoder(
            method: head.method, version: head.version, keepAlive: head.keepAlive && !isEnding,
            serverName: server.configuration.serverName)
        current = exchange
        discard = server.configuration.discardLimit
        if head.body == .none {
            exchange.bodyIsEmpty = true
            exchange.requestEnded = true
            deadline?.end()
        }
        server.answer(exchange)
    }

    private func receivedBody(_ bytes: Span<UInt8>) {
        guard let current else { return }
        current.bodyReceived += bytes.count
        if current.responseEnded {
            discard -= bytes.count
            if discard < 0 { close(current, nil) }
        } else {
            deadline?.end()
            current.driver?.received(bytes)
        }
    }

    private func receivedEnd() {
        guard let current else { return }
        deadline?.end()
        current.requestEnded = true
        if current.responseEnded { complete(current) } else { current.driver?.receivedEnd() }
    }

    /// The bytes are no request: says so, and closes.
    private func refuse(_ error: HTTPParseError) {
        deadline?.end()
        isEnding = true
        server.counters.refuseRequest(error.status)
        let isAnswered = current?.headSent ?? false
        var count = 0
        if !isAnswered {
            let name = server.configuration.serverName
            let date = server.date
            let isHead = current.map { $0.head.method == .head } ?? parser?.value.isHead ?? false
            stream.write {
                count = HTTPResponseEncoder.writeRefusal(
                    error, isHead: isHead, serverName: name, date: date, into: &$0)
            }
        }
        if let current {
            // A body that breaks off in bad framing: whoever reads it is told, and notes what was answered.
            if !isAnswered { current.note(error.status, bodyBytes: count) }
            end(current, .reset)
        } else {
            server.log.info(
                "request refused",
                metadata: [
                    "client": "\(stream.peer)", "status": "\(error.status.code)", "reason": "\(error.reason)",
                ])
            server.traffic.answered(error.status.code)
            server.accessLog?.request(
                peer: stream.peer, method: "-", path: "-", status: error.status.code, bytes: count)
        }
        stream.finish()
    }

    // MARK: For the exchange

    /// The exchange no longer wants its body paused, or its response is complete.
    func readOn() {
        if isParsing { return }
        parseBacklog()
    }

    /// The client was given leave to send the body.
    func bodyExpected() { awaitMore() }

    /// Whether the connection ends after the exchange that is under way.
    var isLastExchange: Bool { isEnding }

    func pauseReading() {
        if isUpgraded || !backlog.isEmpty { stream.pauseReading() }
    }

    func upgraded(_ exchange: HTTP1Exchange) {
        isUpgraded = true
        parser = nil
        deadline?.cancel()
        deadline = nil
    }

    func responseEnded(_ exchange: HTTP1Exchange, keepAlive: Bool) {
        guard current === exchange else { return }
        if !keepAlive { isEnding = true }
        if isUpgraded { return close(exchange, nil) }
        if exchange.requestEnded {
            complete(exchange)
        } else if isEnding || exchange.bodyWithheld {
            // The client waits for 100 Continue, or we do: the body is not going to come, or not to be read.
            close(exchange, nil)
        } else {
            finishLater(exchange)
        }
    }

    /// The response is out and the request's body is not in: what is left of it is discarded.
    private func finishLater(_ exchange: HTTP1Exchange) {
        let driver = exchange.driver
        exchange.driver = nil
        driver?.ended(nil)
        readOn()
    }

    private func complete(_ exchange: HTTP1Exchange) {
        end(exchange, nil)
        if isEnding { return stream.finish() }
        if stream.queuedBytes > server.configuration.sendSoftLimit {
            // Or whoever asks for much and reads nothing would fill the memory.
            isHeldBack = true
            stream.pauseReading()
            return stream.tellWhenDrained()
        }
        if requestsInTurn >= Self.requestsPerTurn, isParsing || !backlog.isEmpty { return rest() }
        awaitRequest()
    }

    private func countRequest() {
        let now = UInt32(truncatingIfNeeded: server.loop.turnCount)
        if now != turn {
            turn = now
            requestsInTurn = 0
        }
        requestsInTurn += 1
    }

    /// Goes on in the next turn, so that one client's pipeline does not hold up the others.
    private func rest() {
        isResting = true
        stream.pauseReading()
        // SAFETY: the call runs on the loop, and nothing else refers to the connection from another thread.
        nonisolated(unsafe) let connection = self
        server.loop.execute {
            unsafe connection.goOn()
        }
    }

    private func goOn() {
        guard isResting, !stream.isClosed else { return }
        isResting = false
        if !isHeldBack { awaitRequest() }
    }

    /// The start of the connection's idle time; nil during a request and after an upgrade.
    var idleSince: Instant? {
        guard current == nil, backlog.isEmpty, !isEnding, stream.queuedBytes == 0 else { return nil }
        return deadline?.idleSince
    }

    /// Closes the idle connection at once, because a new connection needs its descriptor. The kernel still delivers what it
    /// has taken.
    func closeIdle() {
        isEnding = true
        stream.drop()
    }

    private func awaitRequest() {
        deadline?.begin(.nextRequest)
        readOn()
        if !isHeldBack, !isResting, backlog.isEmpty { stream.resumeReading() }
    }

    private func close(_ exchange: HTTP1Exchange, _ error: TransportError?) {
        isEnding = true
        end(exchange, error)
        stream.finish()
    }

    func abort(_ exchange: HTTP1Exchange) {
        // Answers to earlier requests are the client's; of this one it has seen nothing that would have to be cut off.
        if current === exchange, !exchange.headSent, stream.queuedBytes > 0 { return close(exchange, .closed) }
        stream.abort()
    }

    private func end(_ exchange: HTTP1Exchange, _ error: TransportError?) {
        if current === exchange { current = nil }
        let driver = exchange.driver
        exchange.driver = nil
        exchange.connection = nil
        driver?.ended(error)
    }

    // MARK: Time limits

    private func awaitMore() {
        if let current {
            // A client that waits for leave to send its body is not slow.
            if !current.requestEnded, !current.bodyWithheld {
                deadline?.begin(.body, received: current.bodyReceived)
            }
        } else {
            deadline?.begin(.head)
        }
    }

    private func timedOut() {
        if let current, current.isPaused, !current.responseEnded {
            // It is the handler that does not read on.
            return
        }
        let isMidway = !backlog.isEmpty || current != nil || parser?.value.isInsideRequest == true
        if isMidway, current?.headSent != true {
            refuse(HTTPParseError(.requestTimeout, "The request took too long to arrive."))
        } else if let current {
            close(current, .reset)
        } else {
            stream.finish()
        }
    }
}
