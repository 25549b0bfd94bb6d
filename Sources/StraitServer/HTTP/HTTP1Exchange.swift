import StraitCore
import StraitHTTP

/// The exchange of an HTTP/1.1 connection. It writes its response directly into the stream's queue. Loop-bound.
final class HTTP1Exchange: Exchange {
    let head: HTTPRequestHead
    let loop: EventLoop
    let peer: SocketAddress
    let local: SocketAddress
    let writeQueue: WriteQueue
    var driver: (any ExchangeDriver)?
    private(set) var status: HTTPStatus?
    private(set) var bodyBytes = 0
    var connection: HTTP1Connection?
    var encoder = HTTPResponseEncoder(method: .get, version: .http11, keepAlive: false)
    var isPaused = false
    var requestEnded = false
    var headSent = false
    var responseEnded = false
    var bodyIsEmpty = false
    /// The number of bytes of the request's body that have arrived.
    var bodyReceived = 0
    private var continued = false

    init(head: HTTPRequestHead, connection: HTTP1Connection) {
        self.head = head
        self.connection = connection
        loop = connection.stream.loop
        peer = connection.stream.peer
        local = connection.stream.local
        writeQueue = connection.stream.writeQueue
    }

    /// Records the status and the body size for the access log.
    func note(_ status: HTTPStatus, bodyBytes: Int = 0) {
        self.status = status
        self.bodyBytes = bodyBytes
    }

    /// Whether the client still waits for 100 Continue before it sends the body.
    var bodyWithheld: Bool { head.expectsContinue && !continued && !requestEnded }

    func pause() {
        isPaused = true
        connection?.pauseReading()
    }

    func resume() {
        guard isPaused else { return }
        isPaused = false
        connection?.readOn()
    }

    func wantBody() {
        guard bodyWithheld, !bodyIsEmpty else { return }
        continued = true
        // After the response has begun, 100 Continue is not sent. The client may still choose to send the body.
        if !headSent { connection?.stream.write { HTTPResponseEncoder.writeContinue(into: &$0) } }
        connection?.bodyExpected()
    }

    func sendHead(
        _ head: HTTPResponseHead, body: HTTPResponseEncoder.BodyLength
    ) throws(HTTPResponseError) {
        guard let connection, !headSent else { return }
        var failure: HTTPResponseError?
        let head = closing(head, connection)
        let date = connection.server.date
        connection.stream.write { buffer in
            do throws(HTTPResponseError) {
                try encoder.writeHead(head, body: body, date: date, into: &buffer)
            } catch { failure = error }
        }
        if let failure { throw failure }
        headSent = true
        note(head.status)
    }

    /// Returns `head` with `Connection: close` if no request can follow. This applies to a rejected request with too
    /// much unread body. It also applies if the client waits for 100 Continue, because it may or may not send the body
    /// (RFC 9110 §10.1.1).
    private func closing(_ head: HTTPResponseHead, _ connection: HTTP1Connection) -> HTTPResponseHead {
        let isLast = connection.isLastExchange || head.status.code >= 400 && hasTooMuchLeft(connection)
        guard bodyWithheld || isLast, head.status != .switchingProtocols else { return head }
        var head = head
        head.fields["connection"] = "close"
        return head
    }

    /// Whether the rest of the announced body exceeds the limit for discarding. A client that is rejected learns at
    /// once that the connection closes, and need not send the rest.
    private func hasTooMuchLeft(_ connection: HTTP1Connection) -> Bool {
        guard case .length(let count) = head.body else { return false }
        return count - bodyReceived > connection.server.configuration.discardLimit
    }

    /// Sends the response. A short body is queued together with the head.
    func send(_ head: HTTPResponseHead, _ body: Bytes) throws(HTTPResponseError) {
        guard let connection, !headSent, body.count < WriteQueue.shareFrom else {
            try sendHead(head, body: .known(body.count))
            try sendBody(body)
            return finish()
        }
        var failure: HTTPResponseError?
        var carriesBody = false
        let head = closing(head, connection)
        let date = connection.server.date
        connection.stream.write { buffer in
            do throws(HTTPResponseError) {
                try encoder.writeHead(head, body: .known(body.count), date: date, into: &buffer)
                carriesBody = encoder.carriesBody
                try encoder.writeBody(body.span, into: &buffer)
                try encoder.writeEnd(into: &buffer)
            } catch { failure = error }
        }
        if let failure { throw failure }
        headSent = true
        responseEnded = true
        note(head.status, bodyBytes: carriesBody ? body.count : 0)
        connection.responseEnded(self, keepAlive: encoder.keepAlive)
    }

    func sendBody(_ bytes: Bytes) throws(HTTPResponseError) {
        guard let connection, !responseEnded else { return }
        var failure: HTTPResponseError?
        var count = 0
        connection.stream.write { buffer in
            do throws(HTTPResponseError) { count = try encoder.beginBody(bytes.count, into: &buffer) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        let carriesBody = encoder.carriesBody
        if count > 0 {
            connection.stream.write(bytes.slice(0..<count))
            connection.stream.write { encoder.endBody(count, into: &$0) }
            bodyBytes += count
        }
        if count < bytes.count, carriesBody { throw .bodyTooLong(by: bytes.count - count) }
    }

    func didSendBody(_ count: Int) throws(HTTPResponseError) {
        guard let connection else { return }
        var failure: HTTPResponseError?
        // A body of known length has no framing.
        connection.stream.write { buffer in
            do throws(HTTPResponseError) { _ = try encoder.beginBody(count, into: &buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        connection.server.traffic.bytesSent.add(count)
        bodyBytes += count
    }

    func duplicatedDescriptor() -> Int32? {
        encoder.sendsPlainBody ? connection?.stream.duplicatedDescriptor() : nil
    }

    func finish() {
        guard let connection, !responseEnded else { return }
        responseEnded = true
        var failure: HTTPResponseError?
        connection.stream.write { buffer in
            do throws(HTTPResponseError) { try encoder.writeEnd(into: &buffer) } catch { failure = error }
        }
        if let failure {
            connection.server.log.error(
                "The response was cut off: \(failure)", metadata: ["path": "\(self.head.rawPath)"])
        }
        connection.responseEnded(self, keepAlive: encoder.keepAlive && failure == nil)
    }

    func expectNothing() {
        connection?.stream.expectNothing()
    }

    func abort() {
        connection?.abort(self)
    }

    func upgrade(_ head: HTTPResponseHead) throws(HTTPResponseError) {
        try sendHead(head, body: .none)
        isPaused = true
        connection?.upgraded(self)
    }

    var peerHasHungUp: Bool { connection?.peerHasHungUp ?? true }

    var queuedBytes: Int { connection?.stream.queuedBytes ?? 0 }

    func notifyWhenDrained() {
        connection?.stream.notifyWhenDrained()
    }

    func notifyWhenWritable() {
        connection?.stream.notifyWhenWritable()
    }
}
