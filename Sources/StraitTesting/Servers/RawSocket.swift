internal import Glibc

/// A blocking socket of the operating system, as the peer of a test.
///
/// It is meant for Strait's own tests. Applications' tests can use Foundation or another client with a ``LiveServer``.
@safe package struct RawSocket: Sendable {
    package let descriptor: Int32

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Connects to a Unix socket.
    package static func connect(unix path: String) -> RawSocket? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        return connect(AF_UNIX, &address)
    }

    /// A stream socket that child processes do not inherit. An inherited socket would keep the connection open.
    package static let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    /// Connects to a port of 127.0.0.1.
    package static func connect(port: Int) -> RawSocket? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return connect(AF_INET, &address)
    }

    private static func connect<Address>(_ family: Int32, _ address: inout Address) -> RawSocket? {
        let descriptor = socket(family, kind, 0)
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

    /// Creates two connected Unix sockets. The first one is non-blocking.
    package static func pair() -> (Int32, RawSocket) {
        var pair: [Int32] = [0, 0]
        _ = unsafe socketpair(AF_UNIX, kind, 0, &pair)
        _ = fcntl(pair[0], F_SETFL, O_NONBLOCK)
        return (pair[0], RawSocket(descriptor: pair[1]))
    }

    /// Creates a listening TCP socket, as passed by another process, and returns its port.
    package static func listening() -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, kind, 0)
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

    package func send(_ bytes: [UInt8]) { _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// Sends `text` as UTF-8.
    package func send(_ text: String) { send(Array(text.utf8)) }

    /// Waits for the next bytes and returns them as text, which is empty at the end.
    package func receiveText() -> String { String(decoding: receive() ?? [], as: UTF8.self) }

    /// Waits for the next bytes. Returns an empty array at the end, or nil if the connection failed.
    package func receive(_ count: Int = 65536) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let result = unsafe recv(descriptor, &buffer, count, 0)
        return result < 0 ? nil : Array(buffer.prefix(result))
    }

    package func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    package func end() { close(descriptor) }

    /// Closes the socket with a reset if the protocol supports it.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }
}
