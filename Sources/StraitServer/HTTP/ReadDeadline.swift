import StraitCore

/// The deadline for a connection's current wait for its client. Loop-bound.
final class ReadDeadline {
    /// A kind of wait.
    enum Wait {
        /// For the first byte of a new connection, up to ``ServerConfiguration/headTimeout``.
        case firstByte
        /// For the rest of a head, up to ``ServerConfiguration/headTimeout`` from its first byte on.
        case head
        /// For the next piece of a body, up to ``ServerConfiguration/bodyTimeout``. The whole body must arrive at
        /// ``ServerConfiguration/bodyRate``.
        case body
        /// For another request, up to ``ServerConfiguration/keepAliveTimeout``.
        case nextRequest
    }

    private let server: ServerLoop
    private let timer = LoopTimer()
    private var wait: Wait?
    /// The deadline. The timer may be armed for the earlier deadline of a previous wait. When it fires, it is armed
    /// again, so that it need not be moved for every request.
    private var instant = Instant(nanoseconds: .max)
    private let passed: () -> Void
    /// The total time spent waiting for this body.
    private var waited = Duration.zero
    /// The start of the current wait.
    private(set) var began = Instant(nanoseconds: 0)

    /// - Parameter passed: Called when the deadline has passed.
    init(server: ServerLoop, passed: @escaping () -> Void) {
        self.server = server
        self.passed = passed
        timer.action = { [unowned self] in fired() }
    }

    /// Starts a wait with its full time. For a head, repeated calls do not extend the time, even if it arrives in
    /// pieces.
    ///
    /// - Parameter received: The number of bytes of the body that have arrived.
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

    /// Ends the wait because the client is no longer expected to send.
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

    /// Ends the wait and disarms the timer for good.
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
