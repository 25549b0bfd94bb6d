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
        return bytes[..<8].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "/64"
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
