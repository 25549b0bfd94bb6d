import StraitNetwork

/// How long a connection waits for what its client owes it. Loop-bound.
final class ReadDeadline {
    /// What is waited for.
    enum Wait {
        /// The first byte of a new connection, up to ``ServerConfiguration/headTimeout``.
        case firstByte
        /// The rest of a head, up to ``ServerConfiguration/headTimeout`` from its first byte on.
        case head
        /// The next piece of a body, up to ``ServerConfiguration/bodyTimeout``, and the body as a whole, at
        /// ``ServerConfiguration/bodyRate``.
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
    /// The total time spent waiting for this body.
    private var waited = Duration.zero
    /// The start of the current wait.
    private(set) var began = Instant(nanoseconds: 0)

    /// - Parameter passed: Called when the time is over.
    init(server: ServerLoop, passed: @escaping () -> Void) {
        self.server = server
        self.passed = passed
        timer.action = { [unowned self] in fired() }
    }

    /// Begins to wait, with the whole time before it; but a head has its time as a whole, whatever pieces it comes in.
    ///
    /// - Parameter received: The bytes of the body that have arrived.
    func begin(_ wait: Wait, received: Int = 0) {
        if wait == .head, self.wait == .head { return }
        if wait == .body, self.wait == .body { end() }
        self.wait = wait
        began = server.loop.now
        instant = began.advanced(by: limit(wait, received))
        if !timer.isArmed || timer.deadline > instant { server.loop.arm(timer, at: instant) }
    }

    private func limit(_ wait: Wait, _ received: Int) -> Duration {
        let configuration = server.configuration
        switch wait {
        case .firstByte, .head: return configuration.headTimeout
        case .nextRequest: return configuration.keepAliveTimeout
        case .body:
            guard configuration.bodyRate > 0 else { return configuration.bodyTimeout }
            let earned = Duration.seconds(Double(received) / Double(configuration.bodyRate))
            return min(configuration.bodyTimeout, max(.zero, configuration.bodyGrace + earned - waited))
        }
    }

    /// Resets the time for a new request.
    func beginRequest() {
        end()
        waited = .zero
    }

    /// The client owes nothing.
    func end() {
        if wait == .body { waited += began.duration(to: server.loop.now) }
        wait = nil
    }

    /// The start of the idle time; nil during a request.
    var idleSince: Instant? {
        switch wait {
        case .firstByte, .nextRequest: began
        case .head, .body, nil: nil
        }
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
