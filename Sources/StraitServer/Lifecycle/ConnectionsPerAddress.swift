import StraitNetwork
import Synchronization

/// The number of connections per client address, for a limit on them.
final class ConnectionsPerAddress: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// The key under which `peer` is counted: an IPv4 address or a 64-bit IPv6 network, because one client has a whole
    /// network. Nil for a peer without an address.
    static func key(of peer: SocketAddress) -> String? {
        guard case .internet(let host, _) = peer else { return nil }
        return HostName.network(of: host)
    }

    /// Adds a connection. Returns false if `address` already has `limit` connections.
    func take(_ address: String, limit: Int) -> Bool {
        counts.withLock { counts in
            guard counts[address, default: 0] < limit else { return false }
            counts[address, default: 0] += 1
            return true
        }
    }

    /// Removes a connection.
    func giveBack(_ address: String) {
        counts.withLock { counts in
            guard let count = counts[address] else { return }
            counts[address] = count > 1 ? count - 1 : nil
        }
    }
}
