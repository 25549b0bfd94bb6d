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

/// A mistake in how an ``HTTPConsumer`` answered.
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
            "An HTTP consumer answers requests that a server passed on. Change the scope of the request that came instead of making another one."
        case .secondHeaders:
            "sendHeaders() was called twice for one response. Call it once, before the first sendBody()."
        case .bodyBeforeHeaders: "sendBody() was called before sendHeaders()."
        case .bodyAfterEnd: "sendBody() was called after the body's end. Pass moreBody: true where it goes on."
        }
    }
}
