import Glibc

/// A client of a running program: a plain TCP connection of the kernel's, blocking, by hand.
@safe struct Caller: Sendable {
    let descriptor: Int32

    /// Connects to a port of the loopback interface.
    static func connect(port: Int) -> Caller? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe Glibc.connect(
                descriptor, UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        if result == 0 { return Caller(descriptor: descriptor) }
        Glibc.close(descriptor)
        return nil
    }

    /// A socket that listens at a free port of the loopback interface, as another process would hand it over.
    static func listening() -> (descriptor: Int32, port: Int) {
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

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// What comes next; nothing at the end.
    func receive() -> String {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    func end() { close(descriptor) }

    static let request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
}
