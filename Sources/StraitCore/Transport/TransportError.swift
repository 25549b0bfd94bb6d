internal import Glibc

/// A failure to establish, use or accept a connection.
package enum TransportError: Error, Equatable, CustomStringConvertible {
    /// The address is invalid. The text describes valid ones.
    case badAddress(String)
    /// The resolver does not know the host name.
    case unknownHost(String)
    /// Another process already listens at the address.
    case addressInUse(SocketAddress)
    /// The kernel refused `operation` with `code` (an `errno`).
    case system(operation: String, code: Int32)
    /// Connecting to the address failed with `code` (an `errno`).
    case unreachable(SocketAddress, code: Int32)
    /// The server at the address did not answer in time.
    case unanswered(SocketAddress)
    /// The peer reset the connection or vanished.
    case reset
    /// The peer read none of the queued bytes for too long.
    case stalled
    /// The connection was already closed on this side.
    case closed
    /// The event loops have ended.
    case stopped

    /// Whether the peer ended the connection or stalled, or this side had already closed it. Such errors are no fault
    /// of the server.
    package var isPeerFault: Bool {
        switch self {
        case .reset, .stalled, .closed: true
        default: false
        }
    }

    package var description: String {
        switch self {
        case .badAddress(let text): text
        case .unknownHost(let name):
            "The host name '\(name)' could not be resolved. Check its spelling and this machine's name server."
        case .addressInUse(.unix(let path)):
            "Another process already uses the Unix socket \(path). Stop it, or choose another path."
        case .addressInUse(let address):
            "Another process already uses \(address). Stop it, or choose another port with --port."
        case .system(let operation, let code): "\(operation) failed: \(Self.text(of: code)).\(Self.advice(on: code))"
        case .unreachable(let address, let code):
            "Connecting to \(address) failed: \(Self.text(of: code))."
        case .unanswered(let address): "\(address) did not answer in time."
        case .reset: "The peer reset the connection."
        case .stalled: "The peer read nothing for too long."
        case .closed: "The connection is closed."
        case .stopped: "The server has stopped and cannot listen again. Create a new one."
        }
    }

    /// Returns the advice for `code`, or an empty string if there is none.
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

extension TransportError {
    /// Returns the system's text for `code`, an `errno`.
    package static func text(of code: Int32) -> String {
        var buffer: [CChar] = Array(repeating: 0, count: 128)
        let capacity = buffer.count
        guard unsafe strerror_r(code, &buffer, capacity) == 0 else { return "error \(code)" }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.isEmpty ? "error \(code)" : text
    }
}
