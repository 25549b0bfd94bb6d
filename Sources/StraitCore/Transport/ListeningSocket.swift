internal import CLinux
internal import Glibc
internal import Synchronization

/// A listening socket: TCP, Unix, or inherited. Several event loops can accept from it, each with its own
/// ``SocketListener``.
package final class ListeningSocket: Sendable {
    package let descriptor: Int32
    /// The address, with the port that the kernel chose if port 0 was requested.
    package let address: SocketAddress
    private let unlinkPath: String?
    private let isClosed = Atomic<Bool>(false)
    /// Whether new connections wait because the process has no descriptor or memory left.
    let isPausing = Atomic<Bool>(false)

    /// Listens at `address`.
    ///
    /// It replaces a Unix socket's file that a dead process left behind, but not one on which a server answers.
    ///
    /// - Parameter unixMode: The permissions of a Unix socket's file, regardless of the process's umask. They are set
    ///   before a client can connect.
    package init(
        address: SocketAddress, backlog: Int32 = 4096, unixMode: UInt16 = 0o666
    ) throws(TransportError) {
        var raw = try RawAddress(address)
        var path: String?
        if case .unix(let file) = address {
            path = file
            try Self.removeStale(file, address)
        }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(Int32(raw.storage.ss_family), type, 0)
        guard descriptor >= 0 else { throw .system(operation: "Opening a socket", code: errno) }
        if path == nil {
            Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR)
            Self.sendAtOnce(descriptor)
        }
        let bound = unsafe raw.withPointer { pointer, length in unsafe bind(descriptor, pointer, length) }
        // The permissions are set before `listen`, because a client cannot connect earlier.
        let isPermitted = bound != 0 || path.map { unsafe chmod($0, mode_t(unixMode)) == 0 } ?? true
        guard bound == 0, isPermitted, listen(descriptor, backlog) == 0 else {
            let code = errno
            if bound == 0, let path { unsafe unlink(path) }
            Glibc.close(descriptor)
            if code == EADDRINUSE { throw .addressInUse(address) }
            throw .system(operation: "Listening at \(address)", code: code)
        }
        self.descriptor = descriptor
        unlinkPath = path
        self.address = Self.localAddress(of: descriptor)
    }

    /// Uses `inherited`, a descriptor that is already bound and listening (`--fd`).
    package init(inherited: Int32) throws(TransportError) {
        var listening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(inherited, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0, listening != 0 else {
            throw .badAddress(
                "Descriptor \(inherited) is not a listening socket. Give one that the parent process listens on.")
        }
        descriptor = inherited
        unlinkPath = nil
        address = Self.localAddress(of: inherited)
        if case .internet = address { Self.sendAtOnce(inherited) }
        _ = fcntl(inherited, F_SETFL, fcntl(inherited, F_GETFL) | O_NONBLOCK)
        _ = fcntl(inherited, F_SETFD, FD_CLOEXEC)
    }

    private static func removeStale(_ path: String, _ address: SocketAddress) throws(TransportError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw .badAddress("\(path) exists and is not a socket; it is left alone. Choose another path.")
        }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let probe = socket(AF_UNIX, type, 0)
        guard probe >= 0 else { throw .system(operation: "Opening a socket", code: errno) }
        defer { Glibc.close(probe) }
        var raw = try RawAddress(address)
        let connected = unsafe raw.withPointer { pointer, length in unsafe connect(probe, pointer, length) }
        // Only a refusal means that no process listens. A full backlog or a missing permission means that one does.
        guard connected != 0, errno == ECONNREFUSED else { throw .addressInUse(address) }
        unsafe unlink(path)
    }

    static func localAddress(of descriptor: Int32) -> SocketAddress {
        var raw = RawAddress()
        _ = unsafe raw.withPointer { pointer, length in unsafe getsockname(descriptor, pointer, &length) }
        return raw.address
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
        var on: Int32 = 1
        _ = unsafe setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Disables Nagle's algorithm for the socket's connections, so that small writes are sent at once. They inherit the
    /// option.
    private static func sendAtOnce(_ descriptor: Int32) { set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY) }

    /// Stops listening and removes a Unix socket's file. Close every ``SocketListener`` of the socket first.
    package func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        Glibc.close(descriptor)
        if let unlinkPath { unsafe unlink(unlinkPath) }
    }
}

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
    /// Called with the system's reason when no connection can be accepted. Only one of the socket's listeners calls it,
    /// and not again before the backlog has been empty.
    package var pauses: (String) -> Void = { _ in }
    /// Called whenever no connection can be accepted.
    package var rests: () -> Void = {}

    /// The maximum number of connections to accept in one turn of the loop. The limit keeps many new connections from
    /// delaying existing ones.
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
