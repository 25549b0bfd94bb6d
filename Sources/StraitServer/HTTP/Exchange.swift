import StraitHTTP
import StraitNetwork

/// One request and its answer, whatever carries them. Loop-bound.
///
/// HTTP/1.1 has one live exchange on a connection, HTTP/2 many; who drives an exchange cannot tell. A WebSocket is an
/// exchange whose bodies go on, both ways, after ``upgrade(_:)``.
class Exchange {
    let head: HTTPRequestHead
    let loop: EventLoop
    let peer: SocketAddress
    let local: SocketAddress
    /// Where the bytes of the response's body, or after an upgrade of the other protocol, are queued.
    let outlet: Outlet
    /// Who is told of the body and the end; released when the exchange is over.
    var driver: (any ExchangeDriver)?
    /// The status that was sent, for the access log; nil before.
    private(set) final var status: HTTPStatus?
    /// How many bytes of the response's body were sent, without their framing.
    private(set) final var bodyBytes = 0

    init(head: HTTPRequestHead, outlet: Outlet, loop: EventLoop, peer: SocketAddress, local: SocketAddress) {
        self.outlet = outlet
        self.head = head
        self.loop = loop
        self.peer = peer
        self.local = local
    }

    /// Notes what was sent, for the access log.
    final func note(_ status: HTTPStatus, bodyBytes: Int = 0) {
        self.status = status
        self.bodyBytes = bodyBytes
    }

    final func note(bodyBytes: Int) { self.bodyBytes += bodyBytes }

    /// Whether the client is known to have finished sending, or to be gone.
    var peerHasHungUp: Bool { false }

    /// To be asked before something begins that goes on for long.
    ///
    /// - Throws: `CancellationError` where it would have to end at once: the client has left, or the server stops.
    final func checkMayGoOn(_ server: ServerLoop) throws {
        if peerHasHungUp || server.isStopping { throw CancellationError() }
    }

    // MARK: The request's body

    /// Delivers no more of the body until ``resume()``; past the carrier's own buffer the peer is slowed down.
    func pause() {}
    func resume() {}
    /// The body is wanted: answers `Expect: 100-continue` (RFC 9110 §10.1.1).
    func wantBody() {}

    // MARK: The response

    /// Sends status and fields. Once for each exchange, but for 1xx.
    func sendHead(_ head: HTTPResponseHead, body: HTTPResponseEncoder.BodyLength) throws(HTTPResponseError) {}
    /// Sends status, fields and all of a body, and finishes.
    func send(_ head: HTTPResponseHead, _ body: Bytes) throws(HTTPResponseError) {
        try sendHead(head, body: .known(body.count))
        try sendBody(body)
        finish()
    }
    /// Sends a part of the body.
    func sendBody(_ bytes: Bytes) throws(HTTPResponseError) {}
    /// Notes that `count` bytes of the body went past the queue, through ``duplicatedDescriptor()``.
    func didSendBody(_ count: Int) throws(HTTPResponseError) {}
    /// Where bytes of the body may be sent past the queue, once that is empty: a descriptor that the caller closes. Nil
    /// where they have to be framed or encrypted, or where there is no body.
    func duplicatedDescriptor() -> Int32? { nil }
    /// The response is complete.
    func finish() {}
    /// Notes that the client has nothing more to send, so that the transport's end need not wait for it.
    func expectNothing() {}
    /// Ends the exchange at once; what was not sent is dropped.
    func abort() {}

    // MARK: After an upgrade

    /// Answers that the protocol changes. From then on the bodies are the other protocol's bytes; none is delivered
    /// before ``resume()``.
    func upgrade(_ head: HTTPResponseHead) throws(HTTPResponseError) {}

    // MARK: Output

    /// The bytes that are queued and not taken by the kernel.
    var queuedBytes: Int { 0 }
    /// Has ``ExchangeDriver/drained()`` called once, when little is queued.
    func tellWhenDrained() {}
    /// Has ``ExchangeDriver/drained()`` called once, when nothing is queued and the kernel takes more.
    func tellWhenWritable() {}
}

/// Who answers an exchange. Its methods are called on the exchange's loop.
protocol ExchangeDriver: AnyObject {
    /// A part of the body; only valid during the call.
    func received(_ body: Span<UInt8>)
    /// The body is complete; after an upgrade: the peer finished sending.
    func receivedEnd()
    /// Whether the bytes behind the request are a WebSocket's frames, or would be once it is accepted.
    var expectsFrames: Bool { get }
    /// The peer went away while the body was paused or complete. `hasUnread` is whether bytes that it sent are still to be
    /// read.
    func peerHungUp(hasUnread: Bool)
    /// Little is queued; see ``Exchange/tellWhenDrained()``.
    func drained()
    /// The server stops: bring this to an end.
    func serverStops()
    /// The exchange is over. Called once, last. `error` says why where it did not end in order.
    func ended(_ error: TransportError?)
}
