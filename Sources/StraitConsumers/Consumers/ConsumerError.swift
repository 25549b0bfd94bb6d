/// An error that a handler throws to end its consumer. The socket is closed with 1000, and `disconnect` is called.
/// Channels' `StopConsumer`.
public struct StopConsumer: Error {
    /// Creates the error.
    public init() {}
}

/// An error that `connect` throws to accept the handshake. Channels' `AcceptConnection`.
public struct AcceptConnection: Error {
    /// Creates the error.
    public init() {}
}

/// An error that `connect` throws to reject the handshake with 403. Channels' `DenyConnection`.
public struct DenyConnection: Error {
    /// Creates the error.
    public init() {}
}

/// Incorrect use of a socket by its consumer.
enum ConsumerError: Error, CustomStringConvertible {
    case sentBeforeAccept

    var description: String {
        switch self {
        case .sentBeforeAccept:
            "send() was called before accept(). Call accept() first, or close() or deny() to refuse the handshake."
        }
    }
}

/// Incorrect use of a response by an ``HTTPConsumer``.
enum HTTPConsumerError: Error, CustomStringConvertible {
    case noResponse(String)
    case noHost
    case secondHeaders
    case bodyBeforeHeaders
    case bodyAfterEnd

    var description: String {
        switch self {
        case .noResponse(let consumer):
            "\(consumer).handle() returned without a response. Call sendResponse(), or sendHeaders() and sendBody()."
        case .noHost:
            """
            An HTTP consumer got a request that did not come from the server. Change the scope of the server's request \
            instead of creating a new one.
            """
        case .secondHeaders:
            "sendHeaders() was called twice for one response. Call it once, before the first sendBody()."
        case .bodyBeforeHeaders: "sendBody() was called before sendHeaders()."
        case .bodyAfterEnd:
            "sendBody() was called after the body's end. Pass moreBody: true for every piece except the last."
        }
    }
}
