internal import CLinux
internal import Glibc

/// An attempt to connect to an address. Loop-bound.
package final class SocketConnector: PollSource {
    private let loop: EventLoop
    private let address: SocketAddress
    private let descriptor: Int32
    private var place: UInt32?
    private var timer: LoopTimer?
    private var done: ((Result<SocketStream, TransportError>) -> Void)?

    /// Starts to connect to `address`.
    ///
    /// The connector calls `done` once, in a later turn or after `timeout`, unless ``cancel()`` is called first. On
    /// success, attach an owner to the stream and open it.
    ///
    /// - Throws: ``TransportError`` if the attempt cannot start.
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
        // The timer's action keeps this connector alive until the attempt ends.
        let timer = LoopTimer()
        timer.action = { [self] in end(.failure(.unanswered(address))) }
        self.timer = timer
        switch code {
        case 0, EINPROGRESS:
            // The poller also reports a connection that is already established.
            place = loop.watch(self, descriptor: descriptor, .writable)
            if place == nil { fail(timer, errno) } else { loop.arm(timer, after: timeout) }
        default:
            fail(timer, code)
        }
    }

    /// Reports the failure in a later turn, like every other outcome, so that `done` is never called during `init`.
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
        // If no server listens on a port in the kernel's range for clients, a socket can connect to itself.
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

    /// Cancels the attempt.
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
