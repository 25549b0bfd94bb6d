public import StraitCore
import StraitHTTP

/// The peers whose `X-Forwarded-*` headers are trusted. Daphne's `--proxy-headers` trusts every peer.
///
/// Each proxy appends its client's address to the `X-Forwarded-For` header that it received, which may be forged. The
/// client's address is therefore the last one that does not belong to a trusted proxy. Daphne takes the first. List
/// every proxy between the client and the server.
public struct TrustedProxies: Sendable, Hashable {
    private var hosts: Set<String> = []
    private var networks: [IPNetwork] = []
    private var trustsUnixSockets = false
    /// The entries that look like a network but are invalid. They match no peer.
    package private(set) var unreadable: [String] = []

    /// Trusts no peer.
    public init() {}

    /// Trusts the peers with these numeric addresses or in these networks (`10.0.0.0/8`, `2001:db8::/32`). The entry
    /// `unix` trusts all clients of Unix sockets.
    public init(_ peers: [String]) {
        for peer in peers {
            if peer == "unix" {
                trustsUnixSockets = true
            } else if !peer.utf8.contains(0x2F) {
                // Addresses are compared in the kernel's notation.
                hosts.insert(HostName.numeric(peer) ?? peer)
            } else if let network = IPNetwork(peer) {
                networks.append(network)
            } else {
                unreadable.append(peer)
            }
        }
    }

    /// Whether the forwarding headers of `peer` are trusted.
    public func trusts(_ peer: SocketAddress) -> Bool {
        switch peer {
        case .internet(let host, _): trusts(host: host)
        case .unix: trustsUnixSockets
        case .memory(let name): hosts.contains(name)
        }
    }

    /// Whether the forwarding headers of a peer are trusted.
    ///
    /// - Parameter host: A numeric address in the kernel's notation.
    private func trusts(host: String) -> Bool {
        hosts.contains(host) || !networks.isEmpty && networks.contains { $0.contains(host) }
    }

    /// Returns the client's address and whether it uses TLS, according to the proxy at `peer`.
    ///
    /// The client is the last untrusted address of `X-Forwarded-For`. Its port is given there or in `X-Forwarded-Port`,
    /// or it is 0. The last scheme of `X-Forwarded-Proto` decides about TLS. Invalid addresses and schemes are ignored.
    func forwarded(_ fields: HTTPFields, peer: SocketAddress) -> (client: SocketAddress, isSecure: Bool) {
        guard trusts(peer) else { return (peer, false) }
        let scheme = Self.elements(of: "x-forwarded-proto", in: fields).last?.lowercased()
        let isSecure = scheme == "https" || scheme == "wss"
        guard let client = client(Self.elements(of: "x-forwarded-for", in: fields)) else { return (peer, isSecure) }
        let port = client.port ?? Self.elements(of: "x-forwarded-port", in: fields).last.flatMap(Self.port)
        return (.internet(host: client.host, port: port ?? 0), isSecure)
    }

    /// Returns the client's address as reported by the farthest trusted proxy. Returns nil if an entry on the way there
    /// is not an address.
    private func client(_ chain: [Substring]) -> (host: String, port: Int?)? {
        var client: (host: String, port: Int?)?
        for element in chain.reversed() {
            guard let address = Self.address(element) else { return nil }
            client = address
            if !trusts(host: address.host) { break }
        }
        return client
    }

    /// Parses an address: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`. Returns
    /// nil for other text.
    private static func address(_ text: Substring) -> (host: String, port: Int?)? {
        if let host = HostName.numeric(String(text)) { return (host, nil) }
        guard let parts = AuthorityParts(text), parts.userInfo == nil, let host = HostName.numeric(String(parts.name))
        else { return nil }
        if parts.port == nil { return (host, nil) }
        return parts.portNumber.map { (host, $0) }
    }

    private static func port(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy(\.isASCIIDigit), let port = Int(text), port <= 65535 else { return nil }
        return port
    }

    /// Returns the comma-separated elements of all headers with this name, without surrounding spaces and without empty
    /// elements.
    private static func elements(of name: String, in fields: HTTPFields) -> [Substring] {
        fields.values(of: name).flatMap { value in
            value.split(separator: ",").compactMap { part in
                let start = part.drop { $0 == " " || $0 == "\t" }
                let end = start.lastIndex { $0 != " " && $0 != "\t" }
                return end.map { start[...$0] }
            }
        }
    }
}
