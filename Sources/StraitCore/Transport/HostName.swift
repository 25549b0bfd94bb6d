internal import Glibc

/// Host names and numeric addresses as text.
package enum HostName {
    /// Returns a numeric address in the kernel's notation, or nil if `name` is not a numeric address.
    package static func numeric(_ name: String) -> String? {
        guard case .internet(let host, _)? = try? RawAddress(.internet(host: name, port: 0)).address else { return nil }
        return host
    }

    /// Returns the network that all connections of one client share. This is an IPv4 address, even if it is mapped into
    /// IPv6, or the 64-bit network of an IPv6 address in hexadecimal. Text that is not an address is returned
    /// unchanged.
    package static func network(of host: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, host, &bytes) == 1 else { return host }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        if isMapped { return bytes[12...].map { String($0) }.joined(separator: ".") }
        return bytes[..<8].hexadecimal + "/64"
    }

    /// Resolves `name` to a numeric address, preferring the first IPv4 address. A numeric address is returned as is.
    /// Blocks the thread during the lookup.
    package static func resolve(_ name: String) throws(TransportError) -> String {
        if let numeric = numeric(name) { return numeric }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        for family in [AF_INET, AF_INET6] {
            unsafe hints.ai_family = family
            var list: UnsafeMutablePointer<addrinfo>?
            guard unsafe getaddrinfo(name, nil, &hints, &list) == 0, let first = unsafe list else { continue }
            defer { unsafe freeaddrinfo(first) }
            var raw = RawAddress()
            unsafe withUnsafeMutableBytes(of: &raw.storage) { target in
                unsafe target.copyMemory(
                    from: UnsafeRawBufferPointer(start: first.pointee.ai_addr, count: Int(first.pointee.ai_addrlen)))
            }
            if case .internet(let host, _) = raw.address { return host }
        }
        throw .unknownHost(name)
    }
}

/// A network of numeric addresses: `10.0.0.0/8`, `2001:db8::/32`, or a single address.
///
/// An IPv4 address that is mapped into IPv6 (RFC 4291 §2.5.5.2) counts as the IPv4 address.
package struct IPNetwork: Hashable, Sendable {
    /// The address: 4 bytes for IPv4, 16 for IPv6. The bits after the prefix are zero.
    private let address: [UInt8]
    /// The length of the prefix in bits.
    private let prefix: Int

    /// Parses a network or an address. The result is nil if `text` is neither. Address bits after the prefix are
    /// ignored.
    package init?(_ text: String) {
        let slash = text.utf8.firstIndex(of: 0x2F)
        guard let (bytes, isMapped) = Self.bytes(of: text[..<(slash ?? text.endIndex)]) else { return nil }
        var prefix = bytes.count * 8
        if let slash {
            let digits = text[text.utf8.index(after: slash)...].utf8
            let range = isMapped ? 96...128 : 0...prefix
            guard !digits.isEmpty, digits.count <= 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
                digits.count == 1 || digits.first != 0x30, let number = Int(String(decoding: digits, as: UTF8.self)),
                range.contains(number)
            else { return nil }
            prefix = isMapped ? number - 96 : number
        }
        self.prefix = prefix
        address = Self.masked(bytes, prefix)
    }

    /// Whether `host` is a numeric address in the network.
    package func contains(_ host: String) -> Bool {
        guard let (bytes, _) = Self.bytes(of: host[...]), bytes.count == address.count else { return false }
        return Self.masked(bytes, prefix) == address
    }

    private static func masked(_ bytes: [UInt8], _ prefix: Int) -> [UInt8] {
        bytes.indices.map { index in
            let bits = min(8, max(0, prefix - index * 8))
            return bytes[index] & ~UInt8(truncatingIfNeeded: 0xFF >> bits)
        }
    }

    /// Returns the bytes of a numeric address, and whether it is an IPv4 address mapped into IPv6.
    private static func bytes(of host: Substring) -> (bytes: [UInt8], isMapped: Bool)? {
        // The kernel would ignore the text after a NUL.
        if host.utf8.contains(0) { return nil }
        var four = [UInt8](repeating: 0, count: 4)
        // SAFETY: the kernel writes 4 bytes here and 16 below, which are the sizes of the arrays.
        if unsafe inet_pton(AF_INET, String(host), &four) == 1 { return (four, false) }
        var six = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, String(host), &six) == 1 else { return nil }
        let isMapped = six[..<10].allSatisfy { $0 == 0 } && six[10] == 0xFF && six[11] == 0xFF
        return isMapped ? (Array(six[12...]), true) : (six, false)
    }
}
