/// The driver of a connection. Its methods are called on the connection's loop, never from within a method of the
/// stream.
package protocol StreamOwner: AnyObject {
    /// Handles received bytes, which are valid only during the call.
    func received(_ bytes: Span<UInt8>)
    /// Handles the end of the peer's output. The peer may still read.
    func peerFinished()
    /// Handles a peer that disconnected or finished sending while reading was paused. `hasUnread` is true if bytes from
    /// the peer are still unread. After they are read, the end is reported again.
    func peerHungUp(hasUnread: Bool)
    /// Notifies the owner that `count` queued bytes were written.
    func wrote(_ count: Int)
    /// Notifies the owner that the queued output has fallen to ``StreamState/lowMark`` or below.
    func drained()
    /// Notifies the owner that the connection has ended. No calls follow. `error` is nil if this side closed it.
    func closed(_ error: TransportError?)
}

/// A byte-stream connection over a socket or memory. Loop-bound.
///
/// An idle stream keeps neither a read buffer nor a write buffer.
package protocol ByteStream: AnyObject {
    var loop: EventLoop { get }
    var peer: SocketAddress { get }
    var local: SocketAddress { get }
    /// The time after which the connection is closed if the peer reads none of the queued bytes.
    var stallTimeout: Duration { get set }
    /// The time to keep reading and discarding after this side has finished, so that the peer receives the last bytes.
    var lingerTimeout: Duration { get set }
    var isClosed: Bool { get }

    /// Sets the driver. Call it before ``open()``.
    func attach(_ owner: any StreamOwner)
    /// Starts to read. If that is impossible, the connection is closed.
    func open()

    // MARK: Writing

    /// The queue of outgoing bytes.
    var writeQueue: WriteQueue { get }
    /// The number of bytes that are queued and not yet written.
    var queuedBytes: Int { get }
    /// Queues `bytes` to be written at the end of this turn.
    func write(_ bytes: Bytes)
    /// Calls `encode` to append to the queue, which is written at the end of this turn. Does nothing after the stream
    /// is finished.
    func write(_ encode: (inout ByteBuffer) -> Void)
    /// Requests one call of ``StreamOwner/drained()`` when the queue falls to ``StreamState/lowMark`` or below.
    func notifyWhenDrained()
    /// Requests one call of ``StreamOwner/drained()`` when the queue is empty and the kernel accepts more. Use it for
    /// output through ``duplicatedDescriptor()``.
    func notifyWhenWritable()
    /// Returns a duplicate of the connection's non-blocking descriptor, for sending files without copying them through
    /// the process. The caller closes it. Returns nil for an in-memory connection.
    func duplicatedDescriptor() -> Int32?

    // MARK: Reading

    func pauseReading()
    func resumeReading()

    // MARK: Ending

    /// Writes the queued bytes, signals the end of output to the peer, waits briefly for the peer to finish, and
    /// closes.
    func finish()
    /// Declares that the peer has no more to send, as after a WebSocket close frame. ``finish()`` then closes without
    /// waiting for the peer, unless it has sent bytes that are unread.
    func expectNothing()
    /// Closes at once without waiting for the peer. The kernel still delivers the bytes that it has accepted.
    func close()
    /// Closes at once with a reset and drops the queued bytes.
    func abort()
}
