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
    /// When the time is over. The timer may be armed for an earlier instant, of a wait that ended: it is then armed anew
    /// when it fires, rather than moved with every request.
    private var instant = Instant(nanoseconds: .max)
    private let passed: () -> Void

    /// - Parameter passed: Called when the time is over.
    init(server: ServerLoop, passed: @escaping () -> Void) {
        self.server = server
        self.passed = passed
        timer.action = { [unowned self] in fired() }
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
        instant = server.loop.now.advanced(by: limit)
        if !timer.isArmed || timer.deadline > instant { server.loop.arm(timer, at: instant) }
    }

    /// The client owes nothing.
    func end() {
        wait = nil
    }

    /// Nothing will be waited for any more.
    func cancel() {
        wait = nil
        server.loop.disarm(timer)
    }

    private func fired() {
        guard wait != nil else { return }
        if server.loop.now < instant { return server.loop.arm(timer, at: instant) }
        wait = nil
        passed()
    }
}
