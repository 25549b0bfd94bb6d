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
    /// Notifies the owner that the queued output has fallen to ``ByteStream/lowMark`` or below.
    func drained()
    /// Notifies the owner that the connection has ended. No calls follow. `error` is nil if this side closed it.
    func closed(_ error: TransportError?)
}

/// A byte-stream connection over a socket, TLS or memory. Loop-bound.
///
/// A subclass performs the reads and writes. This class keeps the queue and the state, and calls `closed` exactly once.
/// An idle stream keeps neither a read buffer nor a write buffer.
package class ByteStream: Flushable {
    package let loop: EventLoop
    package let peer: SocketAddress
    package let local: SocketAddress
    /// The driver. It is released when the stream closes, which breaks the reference cycle.
    private var owner: (any StreamOwner)?

    /// The number of queued bytes at or below which ``StreamOwner/drained()`` is called.
    package static let lowMark = 16 << 10
    /// The time after which the connection is closed if the peer reads none of the queued bytes.
    package final var stallTimeout: Duration = .seconds(30)
    /// The time to keep reading and discarding after this side has finished, so that the peer receives the last bytes.
    package final var lingerTimeout: Duration = .seconds(2)

    /// The queue of outgoing bytes.
    package final let writeQueue: WriteQueue
    private(set) final var isReading = true
    package private(set) final var isClosed = false
    private(set) final var isFinishing = false
    private var outputFinished = false
    private(set) final var peerHasFinished = false
    private var expectsNothing = false
    private(set) final var isBlocked = false
    private var notifiesDrained = false
    private var notifiesWritable = false
    private var timer: LoopTimer?

    package init(loop: EventLoop, peer: SocketAddress, local: SocketAddress) {
        self.loop = loop
        self.peer = peer
        self.local = local
        writeQueue = WriteQueue(loop: loop)
        writeQueue.attach(self)
    }

    /// Sets the driver. Call it before the stream is opened.
    package final func attach(_ owner: any StreamOwner) {
        self.owner = owner
    }

    // MARK: Writing

    /// The number of bytes that are queued and not yet written.
    package final var queuedBytes: Int { writeQueue.count }

    /// Queues `bytes` to be written at the end of this turn.
    package final func write(_ bytes: Bytes) {
        writeQueue.write(bytes)
    }

    /// Calls `encode` to append to the queue, which is written at the end of this turn. Does nothing after the stream
    /// is finished.
    package final func write(_ encode: (inout ByteBuffer) -> Void) {
        writeQueue.write(encode)
    }

    /// Requests one call of ``StreamOwner/drained()`` when the queue falls to ``lowMark`` or below.
    package final func notifyWhenDrained() {
        notifiesDrained = true
    }

    /// Requests one call of ``StreamOwner/drained()`` when the queue is empty and the kernel accepts more. Use it for
    /// output through ``duplicatedDescriptor()``.
    package final func notifyWhenWritable() {
        notifiesWritable = true
        if writeQueue.isEmpty, !isBlocked, !isClosed { block() }
    }

    package final func flush() {
        // There is nothing to do until the kernel accepts more.
        if isBlocked, writeQueue.isEmpty { return }
        writeQueued()
    }

    /// For subclasses: handles the peer's readiness for more bytes.
    final func becameWritable() { writeQueued() }

    private func writeQueued() {
        if isClosed { return }
        let before = writeQueue.count
        if before > 0 {
            switch performWrite() {
            case .failure(let error): return close(error)
            case .success: break
            }
            owner?.wrote(before - writeQueue.count)
        }
        if writeQueue.isEmpty {
            writeQueue.setScheduled(false)
            writeQueue.releaseBlock()
            unblock()
            if isFinishing { return finishOutput() }
            if notifiesWritable {
                notifiesWritable = false
                notifiesDrained = false
                owner?.drained()
                return
            }
        } else if writeQueue.count < before || !isBlocked {
            block()
        }
        if notifiesDrained, writeQueue.count <= Self.lowMark {
            notifiesDrained = false
            owner?.drained()
        }
    }

    /// Waits for the kernel to report that it accepts more. No flush needs to be scheduled until then.
    private func block() {
        writeQueue.setScheduled(true)
        isBlocked = true
        arm(after: stallTimeout)
        interestChanged()
    }

    private func unblock() {
        guard isBlocked else { return }
        isBlocked = false
        if let timer { loop.disarm(timer) }
        interestChanged()
    }

    // MARK: Reading

    package final func pauseReading() {
        // While the stream is finishing, it must read and discard, even if the owner pauses it.
        guard isReading, !isClosed, !isFinishing else { return }
        isReading = false
        interestChanged()
    }

    package final func resumeReading() {
        guard !isReading, !isClosed else { return }
        isReading = true
        interestChanged()
    }

    /// For subclasses: handles bytes that were read.
    @inline(__always)
    final func didRead(_ bytes: Span<UInt8>) {
        // After this side has finished, received bytes are discarded, so that the peer gets the last bytes before a
        // reset.
        if isFinishing { return }
        owner?.received(bytes)
    }

    /// For subclasses: handles the end of the peer's output.
    final func didReadEnd() {
        guard !peerHasFinished else { return }
        peerHasFinished = true
        if outputFinished { return close(nil) }
        interestChanged()
        if !isFinishing { owner?.peerFinished() }
    }

    /// For subclasses: handles a peer that disconnected or finished sending while reading was paused.
    final func didHangUp(hasUnread: Bool) {
        if !isFinishing { owner?.peerHungUp(hasUnread: hasUnread) }
    }

    // MARK: Ending

    /// Writes the queued bytes, signals the end of output to the peer, waits briefly for the peer to finish, and
    /// closes.
    package final func finish() {
        if isClosed || isFinishing { return }
        isFinishing = true
        isReading = true
        writeQueue.close()
        // If output is queued, a flush is scheduled or waits for the kernel.
        if writeQueue.isEmpty { finishOutput() } else { interestChanged() }
    }

    /// Declares that the peer has no more to send, as after a WebSocket close frame. ``finish()`` then closes without
    /// waiting for the peer, unless it has sent bytes that are unread.
    package final func expectNothing() { expectsNothing = true }

    private func finishOutput() {
        guard !outputFinished, !isClosed else { return }
        outputFinished = true
        // Closing with unread bytes would reset the connection, and the peer might lose the last bytes.
        if peerHasFinished || expectsNothing && !hasUnread { return close(nil) }
        performFinish()
        interestChanged()
        arm(after: lingerTimeout)
    }

    /// Closes at once without waiting for the peer. The kernel still delivers the bytes that it has accepted.
    package final func close() { close(nil) }

    /// Closes at once with a reset and drops the queued bytes.
    package final func abort() {
        if isClosed { return }
        performReset()
        close(nil)
    }

    /// Closes at once and passes `error` to the owner.
    final func close(_ error: TransportError?) {
        if isClosed { return }
        isClosed = true
        if let timer { loop.disarm(timer) }
        timer = nil
        writeQueue.close()
        writeQueue.removeAll()
        performClose()
        let last = owner
        owner = nil
        last?.closed(error)
    }

    private func arm(after duration: Duration) {
        if timer == nil {
            timer = LoopTimer { [unowned self] in
                // The timer serves both waits: for a stalled peer to read, and for the peer to finish.
                close(outputFinished ? nil : .stalled)
            }
        }
        if let timer { loop.arm(timer, after: duration) }
    }

    // MARK: For subclasses

    /// Updates the watched events: reading if ``isReading``, writing if ``isBlocked``.
    func interestChanged() {}

    /// Whether bytes from the peer have arrived that are unread.
    var hasUnread: Bool { true }

    /// Writes as much of the queue as possible without waiting.
    func performWrite() -> Result<Void, TransportError> { .success(()) }

    /// Returns a duplicate of the connection's non-blocking descriptor, for sending files without copying them through
    /// the process. The caller closes it. Returns nil for connections in memory and for those encrypted in the process.
    package func duplicatedDescriptor() -> Int32? { nil }

    /// Signals the end of output to the peer.
    func performFinish() {}

    /// Makes the following close a reset.
    func performReset() {}

    /// Releases the underlying connection. Called once.
    func performClose() {}
}
