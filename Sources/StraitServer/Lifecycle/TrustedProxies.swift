import StraitHTTP
public import StraitNetwork

/// The peers whose `X-Forwarded-*` headers are believed; Daphne's `--proxy-headers`, which believes every peer.
///
/// Each proxy on the way appends its caller's address to `X-Forwarded-For`, behind the value that its caller sent, which
/// may be invented. Therefore the client is the last address there that is not a trusted proxy's; Daphne takes the first.
/// Every proxy on the way has to be named, also the farthest.
public struct TrustedProxies: Sendable, Hashable {
    private var hosts: Set<String> = []
    private var networks: [IPNetwork] = []
    private var trustsUnixSockets = false
    /// The entries that look like a network and are none; they trust no peer.
    package private(set) var unreadable: [String] = []

    /// Trusts no peer.
    public init() {}

    /// Trusts the peers of these numeric addresses and networks (`10.0.0.0/8`, `2001:db8::/32`); `unix` stands for all
    /// that connect to a Unix socket.
    public init(_ peers: [String]) {
        for peer in peers {
            if peer == "unix" {
                trustsUnixSockets = true
            } else if !peer.utf8.contains(0x2F) {
                // Compared in the form in which the kernel writes an address.
                hosts.insert(HostName.numeric(peer) ?? peer)
            } else if let network = IPNetwork(peer) {
                networks.append(network)
            } else {
                unreadable.append(peer)
            }
        }
    }

    /// Whether the forwarding headers of `peer` are believed.
    public func trusts(_ peer: SocketAddress) -> Bool {
        switch peer {
        case .internet(let host, _): trusts(host: host)
        case .unix: trustsUnixSockets
        case .memory(let name): hosts.contains(name)
        }
    }

    /// - Parameter host: A numeric address as the kernel writes it.
    private func trusts(host: String) -> Bool {
        hosts.contains(host) || !networks.isEmpty && networks.contains { $0.contains(host) }
    }

    /// The client and whether it speaks TLS, as the proxy at `peer` says: the last address of `X-Forwarded-For` that is
    /// not trusted, with its port or that of `X-Forwarded-Port` or 0, and the last scheme of `X-Forwarded-Proto`. What
    /// is not an address or not a scheme of ours changes nothing.
    func forwarded(_ fields: HTTPFields, peer: SocketAddress) -> (client: SocketAddress, isSecure: Bool) {
        guard trusts(peer) else { return (peer, false) }
        let scheme = Self.elements(of: "x-forwarded-proto", in: fields).last?.lowercased()
        let isSecure = scheme == "https" || scheme == "wss"
        guard let client = client(Self.elements(of: "x-forwarded-for", in: fields)) else { return (peer, isSecure) }
        let port = client.port ?? Self.elements(of: "x-forwarded-port", in: fields).last.flatMap(Self.port)
        return (.internet(host: client.host, port: port ?? 0), isSecure)
    }

    /// The farthest address that is known for sure: the one that the farthest trusted proxy saw. Nil where one on the
    /// way there is no address.
    private func client(_ chain: [Substring]) -> (host: String, port: Int?)? {
        var client: (host: String, port: Int?)?
        for element in chain.reversed() {
            guard let address = Self.address(element) else { return nil }
            client = address
            if !trusts(host: address.host) { break }
        }
        return client
    }

    /// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`, and nothing else.
    private static func address(_ text: Substring) -> (host: String, port: Int?)? {
        if let host = HostName.numeric(String(text)) { return (host, nil) }
        let end: Substring.Index?
        if text.hasPrefix("[") {
            end = text.firstIndex(of: "]").map { text.index(after: $0) }
        } else {
            end = text.firstIndex(of: ":")
        }
        guard let end else { return nil }
        let name = text[..<end]
        guard let host = HostName.numeric(String(name.hasPrefix("[") ? name.dropFirst().dropLast() : name)) else {
            return nil
        }
        if end == text.endIndex { return (host, nil) }
        guard text[end] == ":", let port = port(text[text.index(after: end)...]) else { return nil }
        return (host, port)
    }

    private static func port(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy(\.isASCIIDigit), let port = Int(text), port <= 65535 else { return nil }
        return port
    }

    /// The elements of all fields of that name, without the spaces around them; an empty field has none.
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
