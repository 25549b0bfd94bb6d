internal import Glibc

/// The address of one end of a connection.
public enum SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// A numeric IPv4 or IPv6 address and a port.
    case internet(host: String, port: Int)
    /// A Unix socket. The path is empty for the client's end.
    case unix(path: String)
    /// An end of an in-memory connection.
    case memory(name: String)

    /// The address as text: `127.0.0.1:8000`, `[::1]:8000`, `unix:/run/strait.sock`.
    public var description: String {
        switch self {
        case .internet(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .memory(let name): "memory:\(name)"
        }
    }
}

/// A `sockaddr` of any family, for calls to the kernel.
@safe struct RawAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    init() {}

    /// Converts `address`.
    ///
    /// - Throws: ``TransportError`` if the host is not a numeric address, the port is out of range, or the path is too
    ///   long.
    init(_ address: SocketAddress) throws(TransportError) {
        switch address {
        case .internet(let host, let port):
            guard let number = in_port_t(exactly: port) else {
                throw .badAddress("Invalid port \(port): expected 0 to 65535.")
            }
            var four = sockaddr_in()
            var six = sockaddr_in6()
            if unsafe inet_pton(AF_INET, host, &four.sin_addr) == 1 {
                four.sin_family = sa_family_t(AF_INET)
                four.sin_port = number.bigEndian
                unsafe withUnsafeMutableBytes(of: &storage) { target in
                    unsafe withUnsafeBytes(of: &four) { unsafe target.copyMemory(from: $0) }
                }
                length = socklen_t(MemoryLayout<sockaddr_in>.size)
            } else if unsafe inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
                six.sin6_family = sa_family_t(AF_INET6)
                six.sin6_port = number.bigEndian
                unsafe withUnsafeMutableBytes(of: &storage) { target in
                    unsafe withUnsafeBytes(of: &six) { unsafe target.copyMemory(from: $0) }
                }
                length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            } else {
                throw .badAddress("\"\(host)\" is not a numeric IPv4 or IPv6 address, such as 127.0.0.1 or ::1.")
            }
        case .unix(let path):
            var unix = sockaddr_un()
            unix.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8)
            let room = MemoryLayout.size(ofValue: unix.sun_path) - 1
            guard !bytes.isEmpty, bytes.count <= room else {
                throw .badAddress("A Unix socket's path has 1 to \(room) bytes; \"\(path)\" has \(bytes.count).")
            }
            unsafe withUnsafeMutableBytes(of: &unix.sun_path) { unsafe $0.copyBytes(from: bytes) }
            unsafe withUnsafeMutableBytes(of: &storage) { target in
                unsafe withUnsafeBytes(of: &unix) { unsafe target.copyMemory(from: $0) }
            }
            length = socklen_t(MemoryLayout<sockaddr_un>.size)
        case .memory(let name):
            throw .badAddress("memory:\(name) is an in-memory address, which sockets cannot use.")
        }
    }

    mutating func withPointer<Result>(_ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Result) -> Result {
        unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, &length) }
        }
    }

    var address: SocketAddress {
        switch Int32(storage.ss_family) {
        case AF_INET:
            return unsafe withUnsafeBytes(of: storage) { bytes in
                let inet = unsafe bytes.load(as: sockaddr_in.self)
                return .internet(
                    host: Self.text(UInt32(bigEndian: inet.sin_addr.s_addr)),
                    port: Int(in_port_t(bigEndian: inet.sin_port)))
            }
        case AF_INET6:
            return unsafe withUnsafeBytes(of: storage) { bytes in
                var inet = unsafe bytes.load(as: sockaddr_in6.self)
                let text = unsafe Self.text(AF_INET6, &inet.sin6_addr)
                // A dual-stack socket reports IPv4 peers as mapped IPv6 addresses (RFC 4291 §2.5.5.2). They become IPv4
                // addresses here, so that logs and lists of trusted addresses treat them as such.
                let mapped = "::ffff:"
                let isMapped = text.hasPrefix(mapped) && text.contains(".")
                return .internet(
                    host: isMapped ? String(text.dropFirst(mapped.count)) : text,
                    port: Int(in_port_t(bigEndian: inet.sin6_port)))
            }
        default:
            let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
            let path = unsafe withUnsafeBytes(of: storage) { bytes in
                unsafe Array(bytes[start..<max(start, min(Int(length), bytes.count))].prefix { $0 != 0 })
            }
            return .unix(path: String(decoding: path, as: UTF8.self))
        }
    }

    /// Formats an IPv4 address in dotted-decimal notation. A string of its at most 15 bytes needs no allocation.
    private static func text(_ address: UInt32) -> String {
        // SAFETY: four numbers of at most three digits and three dots fit in the requested 15 bytes.
        unsafe String(unsafeUninitializedCapacity: 15) { buffer in
            var count = 0
            func put(_ byte: UInt32) {
                unsafe buffer[count] = UInt8(truncatingIfNeeded: byte)
                count += 1
            }
            for shift: UInt32 in [24, 16, 8, 0] {
                let number = address >> shift & 255
                if number >= 100 { put(48 + number / 100) }
                if number >= 10 { put(48 + number / 10 % 10) }
                put(48 + number % 10)
                if shift > 0 { put(46) }
            }
            return count
        }
    }

    private static func text(_ family: Int32, _ source: UnsafeRawPointer) -> String {
        var buffer: [CChar] = Array(repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let capacity = socklen_t(buffer.count)
        guard unsafe inet_ntop(family, source, &buffer, capacity) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
