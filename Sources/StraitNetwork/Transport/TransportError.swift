internal import Glibc

/// Why a connection could not be made or did not last.
package enum TransportError: Error, Equatable, CustomStringConvertible {
    /// An address that cannot be one; the text says what would be.
    case badAddress(String)
    /// A host name that the resolver does not know.
    case unknownHost(String)
    /// Another process listens there already.
    case addressInUse(SocketAddress)
    /// The kernel refused `operation` with `code` (an `errno`).
    case system(operation: String, code: Int32)
    /// Nobody could be connected to at an address, for the reason `code` (an `errno`).
    case unreachable(SocketAddress, code: Int32)
    /// Who is at an address did not answer in time.
    case unanswered(SocketAddress)
    /// The peer reset the connection, or vanished.
    case reset
    /// The peer took nothing of what was written for too long.
    case stalled
    /// The connection was already closed on this side.
    case closed
    /// The event loops have ended.
    case stopped

    /// Whether the peer ended the connection or stalled, so that this side is not at fault.
    package var isOfPeer: Bool {
        switch self {
        case .reset, .stalled, .closed: true
        default: false
        }
    }

    package var description: String {
        switch self {
        case .badAddress(let text): text
        case .unknownHost(let name):
            "The host '\(name)' is not known. Check its spelling, and the name server of this machine."
        case .addressInUse(.unix(let path)):
            "The Unix socket \(path) is another process's. Stop it, or choose another path."
        case .addressInUse(let address):
            "\(address) is taken by another process. Stop it, or choose another port with --port."
        case .system(let operation, let code): "\(operation) failed: \(Self.text(of: code)).\(Self.advice(on: code))"
        case .unreachable(let address, let code):
            "Nobody could be connected to at \(address): \(Self.text(of: code))."
        case .unanswered(let address): "Who is at \(address) did not answer in time."
        case .reset: "The peer reset the connection."
        case .stalled: "The peer read nothing for too long."
        case .closed: "The connection is closed."
        case .stopped: "The server was stopped, and cannot listen again. Make a new one."
        }
    }

    /// What to do about `code`, where that can be told.
    private static func advice(on code: Int32) -> String {
        switch code {
        case EADDRNOTAVAIL: " Give an address of this machine: 127.0.0.1, 0.0.0.0 or ::."
        case EACCES: " Give a port from 1024 on, or a path that this user may write to."
        case ENOENT, ENOTDIR: " Make the folder first, or give another path."
        case EMFILE, ENFILE: " Allow the process more descriptors with ulimit -n."
        default: ""
        }
    }
}
