internal import CLinux
internal import Glibc
internal import Synchronization

/// An acceptor for the connections of a ``ListeningSocket`` on one event loop. Loop-bound.
///
/// The kernel wakes one of the waiting loops (`EPOLLEXCLUSIVE`) and skips busy ones. No connection therefore waits for
/// a particular loop.
package final class SocketListener: PollSource {
    package let socket: ListeningSocket
    private let loop: EventLoop
    private var place: UInt32?
    private var isAccepting = false
    private let retry = LoopTimer()
    /// Takes ownership of a connected, non-blocking descriptor.
    package var accept: (Int32, SocketAddress) -> Void = { descriptor, _ in Glibc.close(descriptor) }
    /// Called with the system's reason when no connection can be accepted. One of the socket's listeners calls it, and
    /// not again until no connections are waiting.
    package var pauses: (String) -> Void = { _ in }
    /// Called each time that no connection can be accepted.
    package var rests: () -> Void = {}

    /// The most connections to accept in one turn of the loop. The limit keeps many new connections from delaying
    /// existing ones.
    private static let batch = 32

    package init(_ socket: ListeningSocket, loop: EventLoop) {
        self.socket = socket
        self.loop = loop
    }

    /// Starts to accept connections. Must be called on the loop.
    package func open() {
        isAccepting = true
        retry.action = { [unowned self] in
            if isAccepting { watch() }
        }
        watch()
    }

    private func watch() {
        place = loop.watch(self, descriptor: socket.descriptor, [.readable, .exclusive])
        if place == nil { rest(errno) }
    }

    package func isReady(_ readiness: Readiness) {
        for _ in 0..<Self.batch where isAccepting {
            var raw = RawAddress()
            let accepted = unsafe raw.withPointer { pointer, length in
                unsafe strait_accept(socket.descriptor, pointer, &length)
            }
            if accepted < 0 {
                switch errno {
                case EAGAIN:
                    // No more connections are waiting.
                    if socket.isPausing.load(ordering: .relaxed) { socket.isPausing.store(false, ordering: .relaxed) }
                    return
                // The connection ended before it was accepted.
                case EINTR, ECONNABORTED, EPERM, EPROTO, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET,
                    ENOPROTOOPT, EOPNOTSUPP:
                    continue
                default: return rest(errno)
                }
            }
            accept(accepted, raw.address)
        }
    }

    /// Stops accepting for 50 ms when descriptors or memory run out. The connection stays in the backlog, and a
    /// level-triggered poller would otherwise spin on it.
    private func rest(_ code: Int32) {
        if !socket.isPausing.exchange(true, ordering: .relaxed) { pauses(TransportError.text(of: code)) }
        if let place { loop.unwatch(place, descriptor: socket.descriptor) }
        place = nil
        loop.arm(retry, after: .milliseconds(50))
        rests()
    }

    /// Stops accepting connections. Must be called on the loop, unless the listener was never opened.
    package func close() {
        guard isAccepting else { return }
        isAccepting = false
        loop.disarm(retry)
        if let place { loop.unwatch(place, descriptor: socket.descriptor) }
        place = nil
        accept = { descriptor, _ in Glibc.close(descriptor) }
    }
}
