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
    var parser: Box<HTTPRequestParser>?
    /// The bytes that have been read and not yet consumed.
    var backlog = ByteBuffer()
    var current: HTTP1Exchange?
    var isParsing = false
    var isEnding = false
    var isUpgraded = false
    /// Whether the client has finished sending or disconnected, as far as is known.
    private(set) var peerHasHungUp = false
    /// Whether the next request has to wait until the client has read queued responses.
    var isHeldBack = false
    /// Whether the next request waits for the next turn of the loop, so that other connections are served.
    var isResting = false
    /// The turn of the loop in which the latest request began, and the number of requests begun in it.
    private var turn: UInt32 = 0
    private var requestsInTurn: UInt32 = 0
    /// The maximum number of pipelined requests to begin in one turn of the loop.
    private static let requestsPerTurn = 16
    /// The deadline of the current wait for the client; nil after an upgrade.
    var deadline: ReadDeadline?
    /// The number of bytes of an unwanted body that may still be read and discarded to keep the connection.
    var discard = 0

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

    func complete(_ exchange: HTTP1Exchange) {
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

    func countRequest() {
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

    func close(_ exchange: HTTP1Exchange, _ error: TransportError?) {
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

    func end(_ exchange: HTTP1Exchange, _ error: TransportError?) {
        if current === exchange { current = nil }
        let driver = exchange.driver
        exchange.driver = nil
        exchange.connection = nil
        driver?.closed(error)
    }
}
