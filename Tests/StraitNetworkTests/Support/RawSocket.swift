import Glibc

/// A socket of the kernel's as a test's peer uses it: blocking, by hand.
@safe struct RawSocket: Sendable {
    let descriptor: Int32

    /// Connects to a Unix socket.
    static func connect(unix path: String) -> RawSocket? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        return connect(AF_UNIX, &address)
    }

    /// Connects to a port of 127.0.0.1.
    static func connect(port: Int) -> RawSocket? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return connect(AF_INET, &address)
    }

    private static func connect<Address>(_ family: Int32, _ address: inout Address) -> RawSocket? {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        let length = socklen_t(MemoryLayout<Address>.size)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe Glibc.connect(descriptor, UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self), length)
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return RawSocket(descriptor: descriptor)
    }

    /// Two connected Unix sockets, of which the first does not block.
    static func pair() -> (Int32, RawSocket) {
        var pair: [Int32] = [0, 0]
        _ = unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
        _ = fcntl(pair[0], F_SETFL, O_NONBLOCK)
        return (pair[0], RawSocket(descriptor: pair[1]))
    }

    /// A listening TCP socket, as another process would hand it over, and its port.
    static func listening() -> (Int32, Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            let raw = unsafe UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            _ = unsafe bind(descriptor, raw, length)
            _ = listen(descriptor, 8)
            _ = unsafe getsockname(descriptor, raw, &length)
        }
        return (descriptor, Int(in_port_t(bigEndian: address.sin_port)))
    }

    func send(_ bytes: [UInt8]) { _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// Waits for the next bytes; none at the end, nil where the other end is gone.
    func receive(_ count: Int = 65536) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let result = unsafe recv(descriptor, &buffer, count, 0)
        return result < 0 ? nil : Array(buffer.prefix(result))
    }

    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    func end() { close(descriptor) }

    /// Ends with a reset where the protocol has one.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }

    /// A path for a Unix socket that nobody else uses.
    static func path(_ name: String) -> String { "/tmp/strait-test-\(getpid())-\(name).sock" }

    static func makeFile(_ path: String) { close(unsafe open(path, O_CREAT | O_WRONLY, 0o600)) }
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
    static func remove(_ path: String) { unsafe unlink(path) }

    /// The file of a socket whose process is gone.
    static func leaveStale(_ path: String) {
        close(bound(unix: path))
    }

    /// A listening Unix socket of somebody else's.
    static func listening(unix path: String, backlog: Int32) -> Int32 {
        let descriptor = bound(unix: path)
        _ = listen(descriptor, backlog)
        return descriptor
    }

    private static func bound(unix path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        unsafe withUnsafePointer(to: &address) { pointer in
            _ = unsafe bind(
                descriptor, UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_un>.size))
        }
        return descriptor
    }
}
