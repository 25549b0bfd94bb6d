import StraitHTTP
public import StraitNetwork

/// The peers whose `X-Forwarded-*` fields are believed; Daphne's `--proxy-headers`, which believes everyone.
///
/// A proxy that is named here has to set these fields itself and pass on none that its clients sent.
public struct TrustedProxies: Sendable, Hashable {
    private var hosts: Set<String> = []
    private var trustsUnixSockets = false

    /// Trusts nobody.
    public init() {}

    /// Trusts the peers of these numeric addresses; `unix` stands for whoever connects to a Unix socket.
    public init(_ peers: [String]) {
        for peer in peers {
            if peer == "unix" { trustsUnixSockets = true } else { hosts.insert(peer) }
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

    /// The client and whether it speaks TLS, as the proxy at `peer` says: the first address of `X-Forwarded-For`, the
    /// port of `X-Forwarded-Port` or 0, and the scheme of `X-Forwarded-Proto`.
    func forwarded(_ fields: HTTPFields, peer: SocketAddress) -> (client: SocketAddress, isSecure: Bool) {
        guard trusts(peer) else { return (peer, false) }
        let isSecure = ["https", "wss"].contains(Self.first(fields["x-forwarded-proto"])?.lowercased())
        guard let host = Self.first(fields["x-forwarded-for"]) else { return (peer, isSecure) }
        let port = Self.first(fields["x-forwarded-port"]).flatMap { Int($0) } ?? 0
        return (.internet(host: host, port: (0...65535).contains(port) ? port : 0), isSecure)
    }

    /// The first element of a list without the spaces around it; nil where there is none.
    private static func first(_ list: String?) -> String? {
        guard let part = list?.split(separator: ",", omittingEmptySubsequences: false).first else { return nil }
        let text = part.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
        return text.isEmpty ? nil : String(text)
    }
}
