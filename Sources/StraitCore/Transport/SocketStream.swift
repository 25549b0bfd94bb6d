internal import CLinux
internal import Glibc

/// A connected TCP or Unix socket. Loop-bound.
package final class SocketStream: Transport, PollSource {
    package let loop: EventLoop
    package let peer: SocketAddress
    package let local: SocketAddress
    package let writeQueue: WriteQueue
    package var state = StreamState()
    private let descriptor: Int32
    /// The socket's index in the poller; nil before it is opened, or if the kernel refuses to watch it.
    private var place: UInt32?
    private var interest: Readiness = [.readable, .readHangUp]
    private var hasHungUp = false
    /// Whether a duplicate of the descriptor was handed out.
    private var isDuplicated = false

    /// Takes ownership of `descriptor`, which must be non-blocking.
    package init(descriptor: Int32, loop: EventLoop, peer: SocketAddress, local: SocketAddress) {
        self.descriptor = descriptor
        self.loop = loop
        self.peer = peer
        self.local = local
        writeQueue = WriteQueue(loop: loop)
        writeQueue.attach(self)
    }

    /// Starts to read. The owner must be set. If the kernel refuses to watch the connection, it is closed.
    package func open() {
        place = loop.watch(self, descriptor: descriptor, interest)
        if place == nil { close(.system(operation: "Watching a connection", code: errno)) }
    }

    package func isReady(_ readiness: Readiness) {
        if readiness.contains(.writable) { becameWritable() }
        if isClosed { return }
        // The peer's output has already ended, so this event means that nothing can be written any more. It cannot be
        // masked and would be reported in every turn.
        if state.peerHasFinished, !readiness.isDisjoint(with: [.hangUp, .error]) { return close(.reset) }
        if state.isReading {
            read()
        } else if !readiness.isDisjoint(with: [.hangUp, .error]) {
            close(.reset)
        } else if readiness.contains(.readHangUp), !hasHungUp {
            hasHungUp = true
            interestChanged()
            didHangUp(hasUnread: hasUnread)
        }
    }

    package var hasUnread: Bool { strait_unread(descriptor) > 0 }

    private func read() {
        unsafe loop.withReadBuffer(
            fill: { unsafe strait_receive(descriptor, $0.baseAddress, $0.count) },
            use: { count, bytes in
                if count > 0 {
                    didRead(bytes)
                } else if count == 0 {
                    didReadEnd()
                } else if errno != EAGAIN, errno != EINTR {
                    close(.reset)
                }
            })
    }

    package func interestChanged() {
        var wanted: Readiness = []
        if state.isReading, !state.peerHasFinished { wanted.insert(.readable) }
        if !hasHungUp, !state.peerHasFinished { wanted.insert(.readHangUp) }
        if state.isBlocked { wanted.insert(.writable) }
        guard wanted != interest, !isClosed else { return }
        interest = wanted
        guard let place else { return }
        loop.watch(place, descriptor: descriptor, changed: wanted)
    }

    package func performWrite() -> Result<Void, TransportError> {
        while !writeQueue.isEmpty {
            var offered = writeQueue.count
            let whole = unsafe writeQueue.withWhole { bytes in
                unsafe strait_send(descriptor, bytes.baseAddress, bytes.count)
            }
            let written: Int
            if let whole { written = whole } else { (offered, written) = sendPieces() }
            if written < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN ? .success(()) : .failure(.reset)
            }
            writeQueue.consume(written)
            if written < offered { break }
        }
        return .success(())
    }

    private func sendPieces() -> (offered: Int, written: Int) {
        var vectors = unsafe [iovec]()
        var offered = 0
        writeQueue.forEachPiece(limit: 64) { piece in
            // SAFETY: the write queue holds every block until after the call.
            let base = unsafe piece.storage.base + piece.offset
            unsafe vectors.append(iovec(iov_base: base, iov_len: piece.count))
            offered += piece.count
        }
        let count = unsafe vectors.count
        let written = unsafe vectors.withUnsafeMutableBufferPointer { buffer in
            var message = unsafe msghdr()
            unsafe message.msg_iov = buffer.baseAddress
            unsafe message.msg_iovlen = count
            return unsafe sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
        }
        return (offered, written)
    }

    package func duplicatedDescriptor() -> Int32? {
        if isClosed { return nil }
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        isDuplicated = true
        return copy < 0 ? nil : copy
    }

    package func performFinish() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    package func performReset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    package func performClose() {
        if let place {
            // Closing a descriptor ends the kernel's watch only if it has no duplicates.
            if isDuplicated { loop.unwatch(place, descriptor: descriptor) } else { loop.forget(place) }
        }
        Glibc.close(descriptor)
    }

    /// Closes the descriptor of a rejected connection with a reset, so that the peer notices at once.
    package static func discard(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        Glibc.close(descriptor)
    }
}
