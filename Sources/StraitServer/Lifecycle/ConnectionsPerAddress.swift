import StraitNetwork
import Synchronization

/// How many connections each client address has, for a limit on them.
final class ConnectionsPerAddress: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// The address that `peer` is counted under: an IPv4 address, or an IPv6 network of 64 bits, as one client has all of
    /// it. Nil for a peer without an address.
    static func key(of peer: SocketAddress) -> String? {
        guard case .internet(let host, _) = peer else { return nil }
        return HostName.network(of: host)
    }

    /// Counts one more; false if `address` has `limit` already.
    func take(_ address: String, limit: Int) -> Bool {
        counts.withLock { counts in
            guard counts[address, default: 0] < limit else { return false }
            counts[address, default: 0] += 1
            return true
        }
    }

    /// Counts one less.
    func giveBack(_ address: String) {
        counts.withLock { counts in
            guard let count = counts[address] else { return }
            counts[address] = count > 1 ? count - 1 : nil
        }
    }
}
