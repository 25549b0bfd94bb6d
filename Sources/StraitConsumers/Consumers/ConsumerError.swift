/// Thrown from a handler, ends the consumer: the socket is closed with 1000 and `disconnect` follows. Channels' `StopConsumer`.
public struct StopConsumer: Error {
    public init() {}
}

/// Thrown from `connect`, accepts the handshake. Channels' `AcceptConnection`.
public struct AcceptConnection: Error {
    public init() {}
}

/// Thrown from `connect`, refuses the handshake with 403. Channels' `DenyConnection`.
public struct DenyConnection: Error {
    public init() {}
}

/// A mistake in how a consumer used its socket.
enum ConsumerError: Error, CustomStringConvertible {
    case sentBeforeAccept

    var description: String {
        switch self {
        case .sentBeforeAccept:
            "send() was called before accept(). Call accept() first, or close() or deny() to refuse the handshake."
        }
    }
}
