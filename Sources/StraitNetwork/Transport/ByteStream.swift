/// Whoever drives a connection. Its methods are called on the connection's loop, never from within one of the stream's.
package protocol StreamOwner: AnyObject {
    /// Bytes arrived. They are only valid during the call.
    func received(_ bytes: Span<UInt8>)
    /// The peer finished sending. What it still reads can be written.
    func peerFinished()
    /// The peer disconnected or finished sending while reading was paused. `hasUnread` says whether bytes that it sent
    /// are still unread; once they are read, the end is reported again.
    func peerHungUp(hasUnread: Bool)
    /// `count` bytes of what was queued were written.
    func wrote(_ count: Int)
    /// What was queued fell to ``ByteStream/lowMark`` or below.
    func drained()
    /// The connection is over; nothing follows. `error` is nil where this side finished it.
    func closed(_ error: TransportError?)
}

/// A connection as bytes: what HTTP/1.1 drives, whether a socket, TLS over a socket, or memory is beneath. Loop-bound.
///
/// A subclass performs the reads and writes; this class keeps the queue, the states and the promise that `closed` is
/// called exactly once. An idle stream keeps neither a read nor a write buffer.
package class ByteStream: Flushable {
    package let loop: EventLoop
    package let peer: SocketAddress
    package let local: SocketAddress
    /// The driver; released when the stream is closed, which ends the circle of references.
    private var owner: (any StreamOwner)?

    /// ``StreamOwner/drained()`` is called at this many queued bytes.
    package static let lowMark = 16 << 10
    /// How long the peer may take nothing of what is queued before the connection is given up.
    package final var stallTimeout: Duration = .seconds(30)
    /// How long to go on reading, discarding, after this side finished, so that the peer gets our last bytes.
    package final var lingerTimeout: Duration = .seconds(2)

    /// Where output is queued.
    package final let outlet: Outlet
    private(set) final var isReading = true
    package private(set) final var isClosed = false
    private(set) final var isFinishing = false
    private var outputFinished = false
    private(set) final var peerHasFinished = false
    private var expectsNothing = false
    private(set) final var isBlocked = false
    private var tellsDrained = false
    private var tellsWritable = false
    private var timer: LoopTimer?

    package init(loop: EventLoop, peer: SocketAddress, local: SocketAddress) {
        self.loop = loop
        self.peer = peer
        self.local = local
        outlet = Outlet(loop: loop)
        outlet.attach(self)
    }

    /// Tells `owner` what happens from now on. To be called before the stream is opened.
    package final func attach(_ owner: any StreamOwner) {
        self.owner = owner
    }

    // MARK: Writing

    /// The bytes that are queued and not written.
    package final var queuedBytes: Int { outlet.count }

    /// Queues `bytes` for the end of this turn.
    package final func write(_ bytes: Bytes) {
        outlet.write(bytes)
    }

    /// Lets `encode` append to the queue, for the end of this turn. Nothing is encoded once the stream is finished.
    package final func write(_ encode: (inout ByteBuffer) -> Void) {
        outlet.write(encode)
    }

    /// Has ``StreamOwner/drained()`` called once, when the queue fell to ``lowMark``.
    package final func tellWhenDrained() {
        tellsDrained = true
    }

    /// Has ``StreamOwner/drained()`` called once, when nothing is queued and the kernel takes more: for what goes to
    /// ``duplicatedDescriptor()``.
    package final func tellWhenWritable() {
        tellsWritable = true
        if outlet.isEmpty, !isBlocked, !isClosed { block() }
    }

    package final func flush() {
        // Until the kernel takes more there is nothing to do.
        if isBlocked, outlet.isEmpty { return }
        writeQueued()
    }

    /// For subclasses: the peer takes more.
    final func becameWritable() { writeQueued() }

    private func writeQueued() {
        if isClosed { return }
        let before = outlet.count
        if before > 0 {
            switch performWrite() {
            case .failure(let error): return close(error)
            case .success: break
            }
            owner?.wrote(before - outlet.count)
        }
        if outlet.isEmpty {
            outlet.setScheduled(false)
            outlet.releaseBlock()
            unblock()
            if isFinishing { return finishOutput() }
            if tellsWritable {
                tellsWritable = false
                tellsDrained = false
                owner?.drained()
                return
            }
        } else if outlet.count < before || !isBlocked {
            block()
        }
        if tellsDrained, outlet.count <= Self.lowMark {
            tellsDrained = false
            owner?.drained()
        }
    }

    /// The kernel says when it takes more; until then nothing needs to be scheduled.
    private func block() {
        outlet.setScheduled(true)
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
        // While finishing it reads on, discarding, whatever the owner still says.
        guard isReading, !isClosed, !isFinishing else { return }
        isReading = false
        interestChanged()
    }

    package final func resumeReading() {
        guard !isReading, !isClosed else { return }
        isReading = true
        interestChanged()
    }

    /// For subclasses: `bytes` were read.
    @inline(__always)
    final func didRead(_ bytes: Span<UInt8>) {
        // After this side finished, what still comes is discarded: the peer gets our last bytes before any reset.
        if isFinishing { return }
        owner?.received(bytes)
    }

    /// For subclasses: the peer finished sending.
    final func didReadEnd() {
        guard !peerHasFinished else { return }
        peerHasFinished = true
        if outputFinished { return close(nil) }
        interestChanged()
        if !isFinishing { owner?.peerFinished() }
    }

    /// For subclasses: the peer is gone or finished sending, while reading is paused.
    final func didHangUp(hasUnread: Bool) {
        if !isFinishing { owner?.peerHungUp(hasUnread: hasUnread) }
    }

    // MARK: Ending

    /// Writes what is queued, tells the peer that nothing follows, waits a little for the peer to finish too, and closes.
    package final func finish() {
        if isClosed || isFinishing { return }
        isFinishing = true
        isReading = true
        outlet.close()
        // Where something is queued, a flush is due or waits for the kernel.
        if outlet.isEmpty { finishOutput() } else { interestChanged() }
    }

    /// Notes that the peer has nothing more to send, as after a WebSocket's close frame: ``finish()`` closes without
    /// waiting for the peer unless bytes of it are unread.
    package final func expectNothing() { expectsNothing = true }

    private func finishOutput() {
        guard !outputFinished, !isClosed else { return }
        outputFinished = true
        // Closing with unread bytes would reset the connection, and the peer might lose our last bytes.
        if peerHasFinished || expectsNothing && !hasUnread { return close(nil) }
        performFinish()
        interestChanged()
        arm(after: lingerTimeout)
    }

    /// Closes at once, without waiting for the peer. What the kernel has taken is still delivered.
    package final func drop() { close(nil) }

    /// Closes at once; the peer sees a reset, and what is queued is dropped.
    package final func abort() {
        if isClosed { return }
        performReset()
        close(nil)
    }

    /// Closes at once and tells the owner why.
    final func close(_ error: TransportError?) {
        if isClosed { return }
        isClosed = true
        if let timer { loop.disarm(timer) }
        timer = nil
        outlet.close()
        outlet.removeAll()
        performClose()
        let last = owner
        owner = nil
        last?.closed(error)
    }

    private func arm(after duration: Duration) {
        if timer == nil {
            timer = LoopTimer { [unowned self] in
                // The same timer serves both waits: a stalled write, and the wait for the peer to finish.
                close(outputFinished ? nil : .stalled)
            }
        }
        if let timer { loop.arm(timer, after: duration) }
    }

    // MARK: For subclasses

    /// Which events are wanted: reading where ``isReading``, writing where ``isBlocked``.
    func interestChanged() {}

    /// Whether bytes of the peer have arrived that were not read.
    var hasUnread: Bool { true }

    /// Writes as much of the outlet's queue as goes without waiting.
    func performWrite() -> Result<Void, TransportError> { .success(()) }

    /// Another descriptor of the connection, which does not block and which the caller closes: for bytes of files that
    /// need not pass through the process. Nil where all have to: in memory, and where they are encrypted here.
    package func duplicatedDescriptor() -> Int32? { nil }

    /// Tells the peer that no more bytes follow.
    func performFinish() {}

    /// Makes the coming close a reset.
    func performReset() {}

    /// Releases what is beneath. Called once.
    func performClose() {}
}
