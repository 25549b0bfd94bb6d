package import StraitCore

/// A link to one Redis server, which connects when it is first used and reconnects after each loss. Loop-bound.
///
/// A command without a connection waits for one, within limits. A command that was lost with its connection is not
/// retried, because Redis may have run it.
package final class RedisLink {
    private enum State {
        case idle
        case connecting
        case ready(RedisConnection)
        case resting
        case closed
    }

    package let loop: EventLoop
    private let host: RedisHost
    private let name: String
    private let dialer: any RedisDialer
    private let limits: RedisTimeLimits
    private let log: Log
    private var generator: any RandomNumberGenerator
    private var state = State.idle
    private var attempts = 0
    private var attempt: ConnectionAttempt?
    private let rest = LoopTimer()
    private var reported: RedisServerError?
    private var readySince = Instant(nanoseconds: 0)
    /// The latest reason for a missing connection.
    private var reason = "No attempt to connect has ended yet."
    /// The server's ID for the latest connection.
    private var identity: Int?

    /// The calls that wait for a connection, oldest first. Cancelled calls are removed later, many at once.
    private var waiting = Ring<RedisCall>()
    private var waitingBytes = 0
    private var cancelledBytes = 0
    private let deadlines = LoopTimer()

    /// The maximum number of bytes of commands that wait for a connection: 8 MiB.
    package static let waitingLimit = 8 << 20
    /// The number of bytes of cancelled commands that may always stay in the queue. More may stay if the waiting
    /// commands have more bytes.
    private static let cancelledLimit = 64 << 10

    /// The handler for each new connection. It is called before waiting commands are sent.
    package var established: (RedisConnection) -> Void = { _ in }
    /// The handler for the loss of an established connection, with the reason.
    package var lost: (String) -> Void = { _ in }
    /// The handler for a failed connection attempt, with the reason.
    package var failed: (String) -> Void = { _ in }

    /// Creates a link, which connects later.
    ///
    /// - Parameter name: The name of its connections. It must be unique among all links of all processes.
    package init(
        _ host: RedisHost, name: String, loop: EventLoop, dialer: any RedisDialer, limits: RedisTimeLimits, log: Log,
        generator: any RandomNumberGenerator
    ) {
        self.host = host
        self.name = name
        self.loop = loop
        self.dialer = dialer
        self.limits = limits
        self.log = log
        self.generator = generator
        rest.action = { [unowned self] in connect() }
        deadlines.action = { [unowned self] in giveUp() }
    }

    /// Whether there is a connection.
    package var isReady: Bool { if case .ready = state { true } else { false } }

    /// Whether the link has been used.
    package var isStarted: Bool { if case .idle = state { false } else { true } }

    /// The latest reason for a missing connection.
    package var lastReason: String { reason }

    /// Logs an error of a command that is retried, but not the same error twice in a row.
    package func report(_ error: RedisServerError) {
        guard reported != error else { return }
        reported = error
        log.error("\(host): \(error). Retrying every second.")
    }

    // MARK: Calls

    /// Sends `command`, or queues it until there is a connection. `answer` is called once.
    ///
    /// - Parameter replyTimeout: The time that the server has for its reply; by default ``RedisTimeLimits/command``.
    @discardableResult
    package func call(
        _ command: RedisCommand, replyTimeout: Duration? = nil, _ answer: @escaping RedisConnection.Answer
    ) -> RedisCall {
        enter(
            RedisCall(
                command, script: nil, deadline: loop.now.advanced(by: limits.command),
                replyTimeout: replyTimeout ?? limits.command, answer))
    }

    /// Runs `script`, and sends its source if the server does not have it.
    @discardableResult
    package func run(
        _ script: RedisScript, keys: [String], _ arguments: [RedisArgument], _ answer: @escaping RedisConnection.Answer
    ) -> RedisCall {
        enter(
            RedisCall(
                script.command(keys: keys, arguments), script: script,
                deadline: loop.now.advanced(by: limits.command), replyTimeout: limits.command, answer))
    }

    private func enter(_ call: RedisCall) -> RedisCall {
        switch state {
        case .ready(let connection): send(call, on: connection)
        case .closed: call.finish(.failure(.unavailable("The connection to Redis was closed.")))
        case .idle, .connecting, .resting:
            let cost = call.command.cost
            guard waitingBytes + cost <= Self.waitingLimit else {
                call.finish(
                    .failure(
                        .overloaded(
                            "\(waitingBytes) bytes of commands already wait for a connection to \(host). \(reason)")))
                break
            }
            waiting.append(call)
            call.queue = self
            waitingBytes += cost
            if waiting.count == 1 { loop.arm(deadlines, at: call.deadline) }
            start()
        }
        return call
    }

    private func send(_ call: RedisCall, on connection: RedisConnection) {
        let deadline = loop.now.advanced(by: call.replyTimeout)
        connection.send(call.command, by: deadline) { [self] result in
            if case .failure(.refused(let error)) = result, error.code == "NOSCRIPT", let script = call.script {
                // The call was cancelled.
                guard call.isOpen else { return }
                return connection.send(script.wholeCommand(for: call.command), by: deadline) { [self] in
                    finish(call, $0, connection)
                }
            }
            finish(call, result, connection)
        }
    }

    private func finish(_ call: RedisCall, _ result: Result<RedisValue, RedisFailure>, _ connection: RedisConnection) {
        call.finish(result)
        // The master became a replica, or lost its replicas. Ask the sentinels again.
        if case .failure(.refused(let error)) = result, host.isFoundBySentinels,
            ["READONLY", "MASTERDOWN"].contains(String(error.code))
        {
            connection.close("\(host) is not the master any more.")
        }
    }

    private func giveUp() {
        while let first = waiting.first, first.deadline <= loop.now || !first.isOpen {
            _ = waiting.removeFirst()
            first.queue = nil
            if first.isOpen { waitingBytes -= first.command.cost } else { cancelledBytes -= first.command.cost }
            first.finish(
                .failure(.unavailable("\(host) could not be reached, so the command was not sent. \(reason)")))
        }
        if let next = waiting.first { loop.arm(deadlines, at: next.deadline) }
    }

    /// Records that a queued call was cancelled. Its bytes no longer count against ``waitingLimit``.
    func cancelled(_ call: RedisCall) {
        waitingBytes -= call.command.cost
        cancelledBytes += call.command.cost
        guard cancelledBytes > max(waitingBytes, Self.cancelledLimit) else { return }
        waiting.removeAll { !$0.isOpen }
        cancelledBytes = 0
    }

    /// Removes and returns all queued calls.
    private func takeWaiting() -> Ring<RedisCall> {
        waitingBytes = 0
        cancelledBytes = 0
        for index in 0..<waiting.count { waiting[index].queue = nil }
        return waiting.takeAll()
    }

    // MARK: The connection

    /// Connects, unless the link has been started already.
    package func start() {
        if case .idle = state { connect() }
    }

    private func connect() {
        state = .connecting
        let attempt = ConnectionAttempt(
            host, name: name, replacedID: identity, loop: loop, dialer: dialer, timeout: limits.connect,
            using: &generator
        ) { [self] result in
            self.attempt = nil
            switch result {
            case .success(let (connection, handshake)): begin(connection, handshake)
            case .failure(let failure):
                rest(failure.description)
                failed(failure.description)
            }
        }
        self.attempt = attempt
        attempt.start()
    }

    private func begin(_ connection: RedisConnection, _ handshake: RedisHandshake) {
        state = .ready(connection)
        readySince = loop.now
        identity = handshake.identity
        connection.ended = { [unowned self] failure in end(failure.description) }
        established(connection)
        // The handler may have closed the connection.
        guard case .ready = state else { return }
        loop.disarm(deadlines)
        var calls = takeWaiting()
        while let call = calls.popFirst() {
            guard call.isOpen else { continue }
            if connection.isOpen { send(call, on: connection) } else { _ = enter(call) }
        }
    }

    private func end(_ reason: String) {
        guard case .ready = state else { return }
        // A connection that ends right after it was made does not count as a success.
        if readySince.duration(to: loop.now) > .seconds(1) { attempts = 0 }
        rest(reason)
        lost(reason)
    }

    private func rest(_ reason: String) {
        if case .closed = state { return }
        self.reason = reason
        state = .resting
        let delay = limits.reconnect.delay(before: attempts, using: &generator)
        attempts += 1
        log.debug("\(host): \(reason) The next attempt follows in \(delay.nanoseconds / 1_000_000) ms.")
        loop.arm(rest, after: delay)
    }

    /// Closes the connection. Waiting commands fail.
    package func close() {
        let previous = state
        state = .closed
        attempt?.cancel()
        attempt = nil
        loop.disarm(rest)
        loop.disarm(deadlines)
        if case .ready(let connection) = previous { connection.close("The layer was closed.") }
        var calls = takeWaiting()
        while let call = calls.popFirst() { call.finish(.failure(.unavailable("The layer was closed."))) }
        established = { _ in }
        lost = { _ in }
        failed = { _ in }
    }
}
