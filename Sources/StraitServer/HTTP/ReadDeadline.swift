import StraitNetwork

/// How long a connection waits for what its client owes it. Loop-bound.
final class ReadDeadline {
    /// What is waited for.
    enum Wait {
        /// The first byte of a new connection, up to ``ServerConfiguration/headTimeout``.
        case firstByte
        /// The rest of a head, up to ``ServerConfiguration/headTimeout`` from its first byte on.
        case head
        /// The next piece of a body, up to ``ServerConfiguration/bodyTimeout``.
        case body
        /// Another request, up to ``ServerConfiguration/keepAliveTimeout``.
        case nextRequest
    }

    private let server: ServerLoop
    private let timer = LoopTimer()
    private var wait: Wait?

    /// - Parameter passed: Called when the time is over.
    init(server: ServerLoop, passed: @escaping () -> Void) {
        self.server = server
        timer.action = { [unowned self] in
            wait = nil
            passed()
        }
    }

    /// Begins to wait, with the whole time before it; but a head has its time as a whole, whatever pieces it comes in.
    func begin(_ wait: Wait) {
        if wait == .head, self.wait == .head { return }
        self.wait = wait
        let configuration = server.configuration
        let limit =
            switch wait {
            case .firstByte, .head: configuration.headTimeout
            case .body: configuration.bodyTimeout
            case .nextRequest: configuration.keepAliveTimeout
            }
        server.loop.arm(timer, after: limit)
    }

    /// The client owes nothing.
    func end() {
        wait = nil
        server.loop.disarm(timer)
    }
}
