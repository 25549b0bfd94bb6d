import StraitHTTP
import StraitNetwork

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
    private var timer: LoopTimer?
    /// How much of an unwanted body is still read and discarded to keep the connection.
    private var discard = 0

    init(stream: ByteStream, server: ServerLoop) {
        self.stream = stream
        self.server = server
        parser = Box(HTTPRequestParser(limits: server.configuration.httpLimits))
        stream.attach(self)
        stream.stallTimeout = server.configuration.stallTimeout
        arm(after: server.configuration.headTimeout)
    }

    /// Whether nothing is under way, so that closing it loses nothing.
    var isIdle: Bool { current == nil && backlog.isEmpty }

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
        if !current.requestEnded { close(current, .reset) } else { current.driver?.peerHungUp() }
    }

    func peerHungUp() {
        current?.driver?.peerHungUp()
    }

    func drained() {
        current?.driver?.drained()
    }

    func closed(_ error: TransportError?) {
        if let timer { server.loop.disarm(timer) }
        timer = nil
        if let current { end(current, error ?? .closed) }
        server.remove(self)
    }

    // MARK: Requests

    private var canParse: Bool {
        guard let current else { return !isEnding }
        return !isUpgraded && !current.requestEnded && (!current.isPaused || current.responseEnded)
    }

    /// Reads on in what waits.
    private func parseBacklog() {
        guard !isParsing else { return }
        while canParse, !backlog.isEmpty {
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
                        armForMore()
                    }
                    return position
                case .head(let head):
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
        disarm()
        let exchange = HTTP1Exchange(head: head, connection: self)
        exchange.encoder = HTTPResponseEncoder(
            method: head.method, version: head.version, keepAlive: head.keepAlive && !isEnding,
            serverName: server.configuration.serverName)
        current = exchange
        discard = server.configuration.discardLimit
        if head.body == .none { exchange.bodyIsEmpty = true }
        server.answer(exchange)
    }

    private func receivedBody(_ bytes: Span<UInt8>) {
        guard let current else { return }
        if current.responseEnded {
            discard -= bytes.count
            if discard < 0 { close(current, nil) }
        } else {
            disarm()
            current.driver?.received(bytes)
        }
    }

    private func receivedEnd() {
        guard let current else { return }
        disarm()
        current.requestEnded = true
        if current.responseEnded { complete(current) } else { current.driver?.receivedEnd() }
    }

    /// The bytes are no request: says so, and closes.
    private func refuse(_ error: HTTPParseError) {
        disarm()
        isEnding = true
        let answered = current?.headSent ?? false
        if let current {
            // A body that breaks off in bad framing: whoever reads it is told, and nothing can be answered any more.
            let driver = current.driver
            current.driver = nil
            self.current = nil
            driver?.ended(.reset)
        }
        if !answered {
            sendRefusal(error.status, error.reason)
            server.accessLog?.request(
                peer: stream.peer, method: "-", path: "-", status: error.status.code, bytes: error.reason.utf8.count + 1
            )
        }
        stream.finish()
    }

    private func sendRefusal(_ status: HTTPStatus, _ reason: String) {
        var encoder = HTTPResponseEncoder(
            method: .get, version: .http11, keepAlive: false, serverName: server.configuration.serverName)
        let head = HTTPResponseHead(status: status, fields: ["content-type": "text/plain; charset=utf-8"])
        let body = Bytes(reason + "\n")
        let date = server.date
        stream.write { buffer in
            do throws(HTTPResponseError) {
                try encoder.writeHead(head, body: .known(body.count), date: date, into: &buffer)
                try encoder.writeBody(body.span, into: &buffer)
            } catch {
                // The head and the body are our own and fit each other.
                assertionFailure("\(error)")
            }
        }
    }

    // MARK: For the exchange

    /// The exchange no longer wants its body paused, or its response is complete.
    func readOn() {
        if isParsing { return }
        parseBacklog()
    }

    /// The client was given leave to send the body.
    func bodyExpected() { armForMore() }

    /// Whether the connection ends after the exchange that is under way.
    var isLastExchange: Bool { isEnding }

    func pauseReading() {
        if isUpgraded || !backlog.isEmpty { stream.pauseReading() }
    }

    func upgraded(_ exchange: HTTP1Exchange) {
        isUpgraded = true
        parser = nil
        disarm()
        timer = nil
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
        arm(after: server.configuration.keepAliveTimeout)
        readOn()
        if backlog.isEmpty { stream.resumeReading() }
    }

    private func close(_ exchange: HTTP1Exchange, _ error: TransportError?) {
        isEnding = true
        end(exchange, error)
        stream.finish()
    }

    func abort(_ exchange: HTTP1Exchange) {
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

    private func armForMore() {
        if let current {
            // A client that waits for leave to send its body is not slow.
            if !current.requestEnded, !current.bodyWithheld { arm(after: server.configuration.bodyTimeout) }
        } else if timer?.isArmed != true || !headStarted {
            headStarted = true
            arm(after: server.configuration.headTimeout)
        }
    }

    private var headStarted = false

    private func arm(after duration: Duration) {
        if timer == nil { timer = LoopTimer { [unowned self] in timedOut() } }
        if let timer { server.loop.arm(timer, after: duration) }
    }

    private func disarm() {
        headStarted = false
        if let timer { server.loop.disarm(timer) }
    }

    private func timedOut() {
        if let current, current.isPaused { return }
        let isMidway = !backlog.isEmpty || current != nil || parser?.value.isInsideRequest == true
        if isMidway, current?.headSent != true {
            refuse(HTTPParseError(.requestTimeout, "The request took too long to arrive."))
        } else {
            stream.finish()
        }
    }
}
