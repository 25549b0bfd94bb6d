internal import CLinux
internal import Glibc

/// A connection to somebody else that is being made. Loop-bound.
package final class SocketConnector: PollSource {
    private let loop: EventLoop
    private let address: SocketAddress
    private let descriptor: Int32
    private var place: UInt32?
    private var timer: LoopTimer?
    private var done: ((Result<SocketStream, TransportError>) -> Void)?

    /// Begins to connect to `address`. `done` is called once, in a later turn at the earliest or when `timeout` is
    /// over, with a stream that is to be given its owner and opened; not at all after ``cancel()``.
    ///
    /// - Throws: ``TransportError`` where that cannot even be tried.
    package init(
        to address: SocketAddress, loop: EventLoop, timeout: Duration,
        _ done: @escaping (Result<SocketStream, TransportError>) -> Void
    ) throws(TransportError) {
        self.loop = loop
        self.address = address
        var raw = try RawAddress(address)
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(Int32(raw.storage.ss_family), type, 0)
        guard descriptor >= 0 else { throw .system(operation: "Opening a socket", code: errno) }
        self.done = done
        let code =
            unsafe raw.withPointer { pointer, length in unsafe connect(descriptor, pointer, length) } == 0 ? 0 : errno
        // It keeps this connector until the outcome is there.
        let timer = LoopTimer()
        timer.action = { [self] in end(.failure(.unanswered(address))) }
        self.timer = timer
        switch code {
        case 0, EINPROGRESS:
            // The poller reports a connection that is there already as well.
            place = loop.watch(self, descriptor: descriptor, .writable)
            if place == nil { fail(timer, errno) } else { loop.arm(timer, after: timeout) }
        default:
            fail(timer, code)
        }
    }

    /// Fails later, like any other outcome: the caller need not be ready for it within its own call.
    private func fail(_ timer: LoopTimer, _ code: Int32) {
        timer.action = { [self] in end(.failure(.unreachable(address, code: code))) }
        loop.arm(timer, after: .zero)
    }

    package func isReady(_ readiness: Readiness) {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        guard code == 0 else { return end(.failure(.unreachable(address, code: code))) }
        let local = ListeningSocket.localAddress(of: descriptor)
        // Where nobody listens at a port that the kernel also gives to clients, a socket may meet itself.
        if case .internet = address, local == address {
            return end(.failure(.unreachable(address, code: ECONNREFUSED)))
        }
        if case .internet = address {
            var on: Int32 = 1
            _ = unsafe setsockopt(
                descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        unwatch()
        end(.success(SocketStream(descriptor: descriptor, loop: loop, peer: address, local: local)))
    }

    /// Gives the attempt up.
    package func cancel() {
        guard done != nil else { return }
        done = nil
        release()
    }

    private func end(_ result: Result<SocketStream, TransportError>) {
        guard let done else { return }
        self.done = nil
        if case .failure = result { release() } else { disarm() }
        done(result)
    }

    private func release() {
        unwatch()
        disarm()
        close(descriptor)
    }

    private func unwatch() {
        if let place { loop.unwatch(place, descriptor: descriptor) }
        place = nil
    }

    private func disarm() {
        guard let timer else { return }
        loop.disarm(timer)
        timer.action = {}
        self.timer = nil
    }
}
