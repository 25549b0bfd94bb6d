import StraitCore
import StraitHTTP

/// A request and its response, independent of the protocol version. Loop-bound.
///
/// An HTTP/1.1 connection has one exchange at a time. An HTTP/2 connection would have many, and drivers would not
/// change. A WebSocket is an exchange whose bodies continue in both directions after ``upgrade(_:)``.
protocol Exchange: AnyObject {
    var head: HTTPRequestHead { get }
    var loop: EventLoop { get }
    var peer: SocketAddress { get }
    var local: SocketAddress { get }
    /// The receiver of the request's body and of the exchange's end. It is released when the exchange ends.
    var driver: (any ExchangeDriver)? { get set }
    /// The status that was sent, for the access log; nil before that.
    var status: HTTPStatus? { get }
    /// The number of body bytes sent, without framing.
    var bodyBytes: Int { get }
    /// Whether the client has finished sending or disconnected, as far as is known.
    var peerHasHungUp: Bool { get }

    // MARK: The request's body

    /// Pauses delivery of the body until ``resume()``. The connection reads at most once more, so TCP slows the client
    /// down.
    func pause()
    func resume()
    /// Requests the body: answers `Expect: 100-continue` (RFC 9110 §10.1.1).
    func wantBody()

    // MARK: The response

    /// Sends the status and headers. Called once for each exchange, except for 1xx responses.
    func sendHead(_ head: HTTPResponseHead, body: HTTPResponseEncoder.BodyLength) throws(HTTPResponseError)
    /// Sends the status, the headers and a complete body, and finishes.
    func send(_ head: HTTPResponseHead, _ body: Bytes) throws(HTTPResponseError)
    /// Sends a part of the body.
    func sendBody(_ bytes: Bytes) throws(HTTPResponseError)
    /// Returns a descriptor for sending body bytes without the queue, while the queue is empty. The caller closes the
    /// descriptor. Returns nil if the bytes need framing, if there is no body, or if the stream has no descriptor.
    func duplicatedDescriptor() -> Int32?
    /// Records that `count` bytes of the body were sent through ``duplicatedDescriptor()``, without the queue.
    func didSendBody(_ count: Int) throws(HTTPResponseError)
    /// Completes the response.
    func finish()
    /// Declares that the client has no more to send, so that closing need not wait for it.
    func expectNothing()
    /// Ends the exchange at once and drops unsent bytes.
    func abort()

    // MARK: After an upgrade

    /// Sends the head of an upgrade response. After that, the bodies consist of the other protocol's bytes. None is
    /// delivered before ``resume()``.
    func upgrade(_ head: HTTPResponseHead) throws(HTTPResponseError)

    // MARK: Output

    /// The queue of the response's body or, after an upgrade, of the other protocol's bytes.
    var writeQueue: WriteQueue { get }
    /// The number of queued bytes that the kernel has not accepted.
    var queuedBytes: Int { get }
    /// Requests one call of ``ExchangeDriver/drained()`` when little output is queued.
    func notifyWhenDrained()
    /// Requests one call of ``ExchangeDriver/drained()`` when the queue is empty and the kernel accepts more.
    func notifyWhenWritable()
}

extension Exchange {
    /// Checks whether a long operation may begin.
    ///
    /// - Throws: `CancellationError` if it would have to end at once, because the client has disconnected or the server
    ///   is stopping.
    func checkCanContinue(_ server: ServerLoop) throws {
        if peerHasHungUp || server.isStopping { throw CancellationError() }
    }
}

/// An object that answers an exchange. Its methods are called on the exchange's loop.
protocol ExchangeDriver: AnyObject {
    /// Handles a piece of the body, which is valid only during the call.
    func received(_ body: Span<UInt8>)
    /// Handles the end of the body or, after an upgrade, the end of the peer's output.
    func receivedEnd()
    /// Whether the bytes after the request are WebSocket frames, or will be after the handshake is accepted.
    var expectsFrames: Bool { get }
    /// Handles a peer that disconnected while the body was paused or complete. `hasUnread` is true if bytes from the
    /// peer are still unread.
    func peerHungUp(hasUnread: Bool)
    /// Notifies the driver that little output is queued; see ``Exchange/notifyWhenDrained()``.
    func drained()
    /// Handles the stop of the server. A driver whose exchange may last long ends it.
    func serverStops()
    /// Notifies the driver that the exchange has ended. Called once, as the last method. `error` is nil if the exchange
    /// ended normally.
    func closed(_ error: TransportError?)
}

/// A mistake in a handler's use of its request or response.
enum ExchangeError: Error, Hashable, CustomStringConvertible {
    /// Two tasks wait for the next piece of the body.
    case secondReader
    /// Two tasks wait for the client to read what they wrote.
    case secondWriter

    var description: String {
        switch self {
        case .secondReader:
            "Another task is already reading the request's body. Read it in one task, and pass the bytes on from there."
        case .secondWriter:
            "Another task is already writing the response. Write it in one task, or wait for the other task to finish."
        }
    }
}
