internal import Glibc

/// A host as people write it.
package enum HostName {
    /// A numeric address as the kernel writes it, or nil where `name` is none.
    package static func numeric(_ name: String) -> String? {
        guard case .internet(let host, _)? = try? RawAddress(.internet(host: name, port: 0)).address else { return nil }
        return host
    }

    /// The numeric address of `name`, which may be one already; the first IPv4 address where there are several. Blocks
    /// while the resolver asks.
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
        throw .badAddress("The host '\(name)' is not known. Give an address of this machine: 127.0.0.1, 0.0.0.0 or ::.")
    }
}
