internal import CLinux
internal import Glibc

/// A listening socket: TCP, Unix, or one that was inherited.
package final class SocketListener: PollSource {
    package let descriptor: Int32
    private let loop: EventLoop
    private let unlinkPath: String?
    private var place: UInt32?
    private var isAccepting = false
    private var isClosed = false
    private let retry = LoopTimer()
    /// The address it listens at, with the port that the kernel chose where 0 was asked for.
    package let address: SocketAddress
    /// Takes a connected descriptor, which does not block, over.
    package var accept: (Int32, SocketAddress) -> Void = { descriptor, _ in Glibc.close(descriptor) }
    /// Called where no connection can be accepted for now, once until one is again, with what the system says.
    package var pauses: (String) -> Void = { _ in }
    /// Whether another connection may be accepted now; asked before each. Others wait in the kernel's backlog.
    package var mayAccept: () -> Bool = { true }
    /// Called each time that no connection can be accepted for now.
    package var rests: () -> Void = {}
    private var isPausing = false

    /// Listens at `address`.
    ///
    /// A Unix socket's file that a dead process left is replaced; one that answers is not.
    ///
    /// - Parameter unixMode: The permissions of a Unix socket's file, whatever the process' umask is. They are set before
    ///   a client can connect.
    package init(
        address: SocketAddress, loop: EventLoop, backlog: Int32 = 4096, unixMode: UInt16 = 0o666
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
        // A client cannot connect before `listen`, so that none does with other permissions.
        let isPermitted = bound != 0 || path.map { unsafe chmod($0, mode_t(unixMode)) == 0 } ?? true
        guard bound == 0, isPermitted, listen(descriptor, backlog) == 0 else {
            let code = errno
            if bound == 0, let path { unsafe unlink(path) }
            Glibc.close(descriptor)
            if code == EADDRINUSE { throw .addressInUse(address) }
            throw .system(operation: "Listening at \(address)", code: code)
        }
        self.descriptor = descriptor
        self.loop = loop
        unlinkPath = path
        self.address = Self.localAddress(of: descriptor)
    }

    /// Listens on `inherited`, a descriptor that is bound and listens already (`--fd`).
    package init(inherited: Int32, loop: EventLoop) throws(TransportError) {
        var listening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(inherited, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0, listening != 0 else {
            throw .badAddress(
                "Descriptor \(inherited) is not a listening socket. Give one that the parent process listens on.")
        }
        descriptor = inherited
        self.loop = loop
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
        // Only a refusal says that nobody listens; a full backlog or a lack of permission says that somebody does.
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

    /// Makes the connections of a listening socket send small writes at once. They inherit the option from the listener.
    private static func sendAtOnce(_ descriptor: Int32) { set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY) }

    /// Begins to accept. To be called on the loop.
    package func open() {
        isAccepting = true
        retry.action = { [unowned self] in
            if isAccepting { watch() }
        }
        watch()
    }

    private func watch() {
        place = loop.watch(self, descriptor: descriptor, .readable)
        if place == nil { rest(errno) }
    }

    package func isReady(_ readiness: Readiness) {
        for _ in 0..<256 where isAccepting {
            guard mayAccept() else { return unwatch(for: .milliseconds(1)) }
            var raw = RawAddress()
            let accepted = unsafe raw.withPointer { pointer, length in
                unsafe strait_accept(descriptor, pointer, &length)
            }
            if accepted < 0 {
                switch errno {
                case EAGAIN:
                    // No connection is waiting any more.
                    isPausing = false
                    return
                // The connection was over before it was accepted.
                case EINTR, ECONNABORTED, EPERM, EPROTO, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET,
                    ENOPROTOOPT, EOPNOTSUPP:
                    continue
                default: return rest(errno)
                }
            }
            accept(accepted, raw.address)
        }
    }

    /// Out of descriptors or memory: the connection stays in the backlog, and a level-triggered poller would spin on it.
    private func rest(_ code: Int32) {
        if !isPausing {
            isPausing = true
            pauses(TransportError.text(of: code))
        }
        unwatch(for: .milliseconds(50))
        rests()
    }

    private func unwatch(for duration: Duration) {
        if let place { loop.unwatch(place, descriptor: descriptor) }
        place = nil
        loop.arm(retry, after: duration)
    }

    /// Accepts no more, and removes a Unix socket's file. To be called on the loop, or where it was never opened.
    package func close() {
        if isClosed { return }
        isClosed = true
        if isAccepting { loop.disarm(retry) }
        isAccepting = false
        if let place { loop.unwatch(place, descriptor: descriptor) }
        place = nil
        accept = { descriptor, _ in Glibc.close(descriptor) }
        Glibc.close(descriptor)
        if let unlinkPath { unsafe unlink(unlinkPath) }
    }
}
