import StraitCore
import StraitHTTP
import StraitWebSocket

/// An HTTP/1.1 server connection. It handles one exchange after another. Loop-bound.
///
/// It reads a request, passes its exchange to the server, and continues to read when the response is complete.
/// Pipelined input waits in `backlog`, which holds at most one read.
final class HTTP1Connection: Connection, StreamOwner {
    let stream: any ByteStream
    let server: ServerLoop
    /// The parser; nil after an upgrade, because another protocol follows. A box lets its memory be freed then.
    private var parser: Box<HTTPRequestParser>?
    /// The bytes that have been read and not yet consumed.
    private var backlog = ByteBuffer()
    private var current: HTTP1Exchange?
    private var isParsing = false
    private var isEnding = false
    private var isUpgraded = false
    /// Whether the client has finished sending or disconnected, as far as is known.
    private(set) var peerHasHungUp = false
    /// Whether the next request has to wait until the client has read queued responses.
    private var isHeldBack = false
    /// Whether the next request waits for the next turn of the loop, so that other connections are served.
    private var isResting = false
    /// The turn of the loop in which the latest request began, and the number of requests begun in it.
    private var turn: UInt32 = 0
    private var requestsInTurn: UInt32 = 0
    /// The maximum number of pipelined requests to begin in one turn of the loop.
    private static let requestsPerTurn = 16
    /// The deadline of the current wait for the client; nil after an upgrade.
    private var deadline: ReadDeadline?
    /// The number of bytes of an unwanted body that may still be read and discarded to keep the connection.
    private var discard = 0

    init(stream: any ByteStream, server: ServerLoop) {
        self.stream = stream
        self.server = server
        parser = Box(HTTPRequestParser(limits: server.configuration.httpLimits))
        stream.attach(self)
        stream.stallTimeout = server.configuration.stallTimeout
        deadline = ReadDeadline(server: server) { [unowned self] in timedOut() }
        deadline?.begin(.firstByte)
    }

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
        // The unread frames may include a close frame, in which case the socket was not lost.
        let expectsFrames = current?.driver?.expectsFrames == true
        let hasFrames = expectsFrames && (hasUnread || holdsClose)
        if !hasFrames { peerHasHungUp = true }
        current?.driver?.peerHungUp(hasUnread: hasFrames)
    }

    /// Whether the frames after a handshake include a close frame.
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

    /// Parses the bytes in the backlog.
    private func parseBacklog() {
        guard !isParsing else { return }
        // The parser may be able to end the current request without another byte.
        var isDue = current != nil
        while canParse, isDue || !backlog.isEmpty {
            isDue = false
            var input = ByteBuffer()
            swap(&input, &backlog)
            let consumed = parse(input.span)
            let stuck = consumed == 0
            input.consume(consumed)
            // Bytes that arrived during the call follow the rest of the input.
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

    /// Parses as many events as currently possible. Returns the number of consumed bytes.
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
                    // Between two requests, without a byte of the next one, the keep-alive timeout continues.
                    if current != nil || position < input.count || parser?.value.isInsideRequest == true {
                        awaitMore()
                    }
                    return position
                case .head(let head):
                    if head.body == .none {
                        // No body follows, so the request is completed before it is answered.
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

    /// Answers an invalid request with an error and closes the connection.
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
            // The body's framing is invalid. The driver is notified and logs the status.
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

    /// Continues to read after the body was resumed or the response was completed.
    func readOn() {
        if isParsing { return }
        parseBacklog()
    }

    /// Starts the body's deadline after the client was asked for the body.
    func bodyExpected() { awaitMore() }

    /// Whether the connection closes after the current exchange.
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
            // The body will not be sent or read: the client still waits for 100 Continue, or the connection is closing.
            close(exchange, nil)
        } else {
            finishLater(exchange)
        }
    }

    /// Ends the exchange for its driver after the response is complete, and discards the rest of the request's body.
    private func finishLater(_ exchange: HTTP1Exchange) {
        let driver = exchange.driver
        exchange.driver = nil
        driver?.closed(nil)
        readOn()
    }

    private func complete(_ exchange: HTTP1Exchange) {
        end(exchange, nil)
        if isEnding { return stream.finish() }
        if stream.queuedBytes > server.configuration.sendSoftLimit {
            // A client that sends many requests and reads no responses would otherwise fill the memory.
            isHeldBack = true
            stream.pauseReading()
            return stream.notifyWhenDrained()
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

    /// Continues in the next turn, so that one client's pipelined requests do not delay other clients.
    private func rest() {
        isResting = true
        stream.pauseReading()
        // SAFETY: the call runs on the loop, and no other thread has a reference to the connection.
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

    var peer: SocketAddress { stream.peer }

    var idleSince: Instant? {
        guard current == nil, backlog.isEmpty, !isEnding, stream.queuedBytes == 0 else { return nil }
        return deadline?.idleSince
    }

    func abort() {
        stream.abort()
    }

    func closeIdle() {
        isEnding = true
        stream.close()
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
        // The client should still receive the responses to earlier requests. Nothing of this response was sent, so none
        // is cut off.
        if current === exchange, !exchange.headSent, stream.queuedBytes > 0 { return close(exchange, .closed) }
        stream.abort()
    }

    private func end(_ exchange: HTTP1Exchange, _ error: TransportError?) {
        if current === exchange { current = nil }
        let driver = exchange.driver
        exchange.driver = nil
        exchange.connection = nil
        driver?.closed(error)
    }

    // MARK: Time limits

    private func awaitMore() {
        if let current {
            // A client that waits for 100 Continue is not slow.
            if !current.requestEnded, !current.bodyWithheld {
                deadline?.begin(.body, received: current.bodyReceived)
            }
        } else {
            deadline?.begin(.head)
        }
    }

    private func timedOut() {
        if let current, current.isPaused, !current.responseEnded {
            // The handler, not the client, is slow.
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
