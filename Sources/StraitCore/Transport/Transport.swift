/// A kind of byte stream: the operations that differ between sockets and memory. Loop-bound.
///
/// The extension implements the rest of ``ByteStream`` with them. It updates the queue and the state, and calls the
/// owner's `closed` exactly once.
package protocol Transport: ByteStream, Flushable {
    var state: StreamState { get set }
    /// Whether unread bytes from the peer have arrived.
    var hasUnread: Bool { get }
    /// Updates the watched events: reading if ``StreamState/isReading``, writing if ``StreamState/isBlocked``.
    func interestChanged()
    /// Writes as much of the queue as possible without waiting.
    func performWrite() -> Result<Void, TransportError>
    /// Signals the end of output to the peer.
    func performFinish()
    /// Makes the following close a reset.
    func performReset()
    /// Releases the underlying connection. Called once.
    func performClose()
}

/// The state of a stream that all transports share.
package struct StreamState {
    /// The number of queued bytes at or below which ``StreamOwner/drained()`` is called.
    package static let lowMark = 16 << 10

    /// The driver. It is released when the stream closes, which breaks the reference cycle.
    fileprivate var owner: (any StreamOwner)?
    fileprivate var timer: LoopTimer?
    fileprivate var stallTimeout = Duration.seconds(30)
    fileprivate var lingerTimeout = Duration.seconds(2)
    fileprivate(set) var isReading = true
    fileprivate(set) var isClosed = false
    fileprivate(set) var isFinishing = false
    fileprivate(set) var peerHasFinished = false
    fileprivate(set) var isBlocked = false
    fileprivate var outputFinished = false
    fileprivate var expectsNothing = false
    fileprivate var notifiesDrained = false
    fileprivate var notifiesWritable = false

    /// Creates the state of a stream that is open in both directions.
    init() {}
}

extension Transport {
    package var stallTimeout: Duration {
        get { state.stallTimeout }
        set { state.stallTimeout = newValue }
    }

    package var lingerTimeout: Duration {
        get { state.lingerTimeout }
        set { state.lingerTimeout = newValue }
    }

    package var isClosed: Bool { state.isClosed }

    package func attach(_ owner: any StreamOwner) {
        state.owner = owner
    }

    // MARK: Writing

    package var queuedBytes: Int { writeQueue.count }

    package func write(_ bytes: Bytes) {
        writeQueue.write(bytes)
    }

    package func write(_ encode: (inout ByteBuffer) -> Void) {
        writeQueue.write(encode)
    }

    package func notifyWhenDrained() {
        state.notifiesDrained = true
    }

    package func notifyWhenWritable() {
        state.notifiesWritable = true
        if writeQueue.isEmpty, !state.isBlocked, !state.isClosed { block() }
    }

    package func flush() {
        // There is nothing to do until the kernel accepts more.
        if state.isBlocked, writeQueue.isEmpty { return }
        writeQueued()
    }

    /// Handles the peer's readiness for more bytes.
    func becameWritable() { writeQueued() }

    fileprivate func writeQueued() {
        if state.isClosed { return }
        let before = writeQueue.count
        if before > 0 {
            switch performWrite() {
            case .failure(let error): return close(error)
            case .success: break
            }
            state.owner?.wrote(before - writeQueue.count)
        }
        if writeQueue.isEmpty {
            writeQueue.setScheduled(false)
            writeQueue.releaseBlock()
            unblock()
            if state.isFinishing { return finishOutput() }
            if state.notifiesWritable {
                state.notifiesWritable = false
                state.notifiesDrained = false
                state.owner?.drained()
                return
            }
        } else if writeQueue.count < before || !state.isBlocked {
            block()
        }
        if state.notifiesDrained, writeQueue.count <= StreamState.lowMark {
            state.notifiesDrained = false
            state.owner?.drained()
        }
    }

    /// Waits for the kernel to report that it accepts more. No flush needs to be scheduled until then.
    fileprivate func block() {
        writeQueue.setScheduled(true)
        state.isBlocked = true
        arm(after: state.stallTimeout)
        interestChanged()
    }

    fileprivate func unblock() {
        guard state.isBlocked else { return }
        state.isBlocked = false
        if let timer = state.timer { loop.disarm(timer) }
        interestChanged()
    }

    // MARK: Reading

    package func pauseReading() {
        // While the stream is finishing, it must read and discard, even if the owner pauses it.
        guard state.isReading, !state.isClosed, !state.isFinishing else { return }
        state.isReading = false
        interestChanged()
    }

    package func resumeReading() {
        guard !state.isReading, !state.isClosed else { return }
        state.isReading = true
        interestChanged()
    }

    /// Handles bytes that were read.
    @inline(__always)
    func didRead(_ bytes: Span<UInt8>) {
        // After this side has finished, received bytes are discarded, so that the peer gets the last bytes before a
        // reset.
        if state.isFinishing { return }
        state.owner?.received(bytes)
    }

    /// Handles the end of the peer's output.
    func didReadEnd() {
        guard !state.peerHasFinished else { return }
        state.peerHasFinished = true
        if state.outputFinished { return close(nil) }
        interestChanged()
        if !state.isFinishing { state.owner?.peerFinished() }
    }

    /// Handles a peer that disconnected or finished sending while reading was paused.
    func didHangUp(hasUnread: Bool) {
        if !state.isFinishing { state.owner?.peerHungUp(hasUnread: hasUnread) }
    }

    // MARK: Ending

    package func finish() {
        if state.isClosed || state.isFinishing { return }
        state.isFinishing = true
        state.isReading = true
        writeQueue.close()
        // If output is queued, a flush is scheduled or waits for the kernel.
        if writeQueue.isEmpty { finishOutput() } else { interestChanged() }
    }

    package func expectNothing() { state.expectsNothing = true }

    fileprivate func finishOutput() {
        guard !state.outputFinished, !state.isClosed else { return }
        state.outputFinished = true
        // Closing with unread bytes would reset the connection, and the peer might lose the last bytes.
        if state.peerHasFinished || state.expectsNothing && !hasUnread { return close(nil) }
        performFinish()
        interestChanged()
        arm(after: state.lingerTimeout)
    }

    package func close() { close(nil) }

    package func abort() {
        if state.isClosed { return }
        performReset()
        close(nil)
    }

    /// Closes at once and passes `error` to the owner.
    func close(_ error: TransportError?) {
        if state.isClosed { return }
        state.isClosed = true
        if let timer = state.timer { loop.disarm(timer) }
        state.timer = nil
        writeQueue.close()
        writeQueue.removeAll()
        performClose()
        let last = state.owner
        state.owner = nil
        last?.closed(error)
    }

    fileprivate func arm(after duration: Duration) {
        if state.timer == nil {
            state.timer = LoopTimer { [unowned self] in
                // One timer serves both waits: for the peer to read queued output, and for the peer to finish.
                close(state.outputFinished ? nil : .stalled)
            }
        }
        if let timer = state.timer { loop.arm(timer, after: duration) }
    }
}
