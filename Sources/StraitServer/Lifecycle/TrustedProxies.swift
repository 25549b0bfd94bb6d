import StraitHTTP
public import StraitNetwork

/// The peers whose `X-Forwarded-*` fields are believed; Daphne's `--proxy-headers`, which believes everyone.
///
/// Each proxy on the way adds whom it was called by to the end of `X-Forwarded-For`, behind what its caller sent, which
/// may be invented. So the client is the last address there that is not a trusted proxy's, where Daphne takes the
/// first. Every proxy that is passed has to be named, the farthest ones too.
public struct TrustedProxies: Sendable, Hashable {
    private var hosts: Set<String> = []
    private var trustsUnixSockets = false

    /// Trusts nobody.
    public init() {}

    /// Trusts the peers of these numeric addresses; `unix` stands for whoever connects to a Unix socket.
    public init(_ peers: [String]) {
        for peer in peers {
            // Compared in the form in which the kernel writes an address.
            if peer == "unix" { trustsUnixSockets = true } else { hosts.insert(HostName.numeric(peer) ?? peer) }
        }
    }

    /// Whether what `peer` says of its client is believed.
    public func trusts(_ peer: SocketAddress) -> Bool {
        switch peer {
        case .internet(let host, _): hosts.contains(host)
        case .unix: trustsUnixSockets
        case .memory(let name): hosts.contains(name)
        }
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
            if !hosts.contains(address.host) { break }
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
