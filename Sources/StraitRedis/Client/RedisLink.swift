package import StraitNetwork

/// What keeps a connection to one Redis server: makes it when it is needed first, and anew whenever it is lost.
/// Loop-bound.
///
/// A command that is sent while there is none waits for one, within limits. A command whose connection was lost before
/// the reply came is never sent again by itself: nobody knows whether it was done.
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
    private var attempt: RedisAttempt?
    private let rest = LoopTimer()
    private var reported: RedisServerError?
    private var readySince = Instant(nanoseconds: 0)
    /// Why there was no connection last.
    private var reason = "No attempt to connect has ended yet."
    /// The number of the latest connection, and of what server.
    private var identity: Int?

    // Calls that wait for a connection, the oldest first.
    private var waiting: [RedisCall] = []
    private var waitingBytes = 0
    private let deadlines = LoopTimer()

    /// The most bytes of commands that may wait for a connection.
    package static let waitingLimit = 8 << 20

    /// Called with each new connection, before any call that waited is sent on it.
    package var established: (RedisConnection) -> Void = { _ in }
    /// Called when an established connection is lost.
    package var lost: (String) -> Void = { _ in }
    /// Called when an attempt to connect has failed.
    package var failed: (String) -> Void = { _ in }

    /// - Parameter name: The name of its connections, which no other process' or link's have.
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

    package var isReady: Bool { if case .ready = state { true } else { false } }

    /// Whether anybody has needed it so far.
    package var isStarted: Bool { if case .idle = state { false } else { true } }

    /// Why there is no connection, as it was found last.
    package var lastReason: String { reason }

    /// Says once what Redis refuses of what is tried again and again.
    package func report(_ error: RedisServerError) {
        guard reported != error else { return }
        reported = error
        log.error("\(host): \(error). It is tried again every second.")
    }

    // MARK: Calls

    /// Sends `command`, or has it wait for a connection; `answer` is called once.
    ///
    /// - Parameter patience: How long the server may take; the limit for commands unless given.
    @discardableResult
    package func call(
        _ command: RedisCommand, patience: Duration? = nil, _ answer: @escaping RedisConnection.Answer
    ) -> RedisCall {
        enter(
            RedisCall(
                command, script: nil, deadline: loop.now.advanced(by: limits.command),
                patience: patience ?? limits.command, answer))
    }

    /// Runs `script`, in full where the server does not know it.
    @discardableResult
    package func run(
        _ script: RedisScript, keys: [String], _ arguments: [RedisArgument], _ answer: @escaping RedisConnection.Answer
    ) -> RedisCall {
        enter(
            RedisCall(
                script.command(keys: keys, arguments), script: script,
                deadline: loop.now.advanced(by: limits.command), patience: limits.command, answer))
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
                            "\(waitingBytes) bytes of commands wait for a connection to \(host) already. \(reason)")))
                break
            }
            waiting.append(call)
            waitingBytes += cost
            if waiting.count == 1 { loop.arm(deadlines, at: call.deadline) }
            start()
        }
        return call
    }

    private func send(_ call: RedisCall, on connection: RedisConnection) {
        let deadline = loop.now.advanced(by: call.patience)
        connection.send(call.command, by: deadline) { [self] result in
            if case .failure(.refused(let error)) = result, error.code == "NOSCRIPT", let script = call.script {
                // Nobody wants it any more.
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
        // The master became a replica, or lost its replicas: another server has to be found.
        if case .failure(.refused(let error)) = result, host.isFoundBySentinels,
            ["READONLY", "MASTERDOWN"].contains(String(error.code))
        {
            connection.close("\(host) is not the master any more.")
        }
    }

    private func giveUp() {
        while let first = waiting.first, first.deadline <= loop.now || !first.isOpen {
            waiting.removeFirst()
            waitingBytes -= first.command.cost
            first.finish(
                .failure(.unavailable("\(host) could not be reached, so the command was not sent. \(reason)")))
        }
        if let next = waiting.first { loop.arm(deadlines, at: next.deadline) }
    }

    // MARK: The connection

    /// Connects, if nothing of that is under way.
    package func start() {
        if case .idle = state { connect() }
    }

    private func connect() {
        state = .connecting
        let attempt = RedisAttempt(
            host, name: name, former: identity, loop: loop, dialer: dialer, timeout: limits.connect,
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
        // Established may have found it of no use.
        guard case .ready = state else { return }
        loop.disarm(deadlines)
        let calls = waiting
        waiting = []
        waitingBytes = 0
        for call in calls where call.isOpen {
            if connection.isOpen { send(call, on: connection) } else { _ = enter(call) }
        }
    }

    private func end(_ reason: String) {
        guard case .ready = state else { return }
        // One that is ended as soon as it is made is no success.
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

    /// Ends the connection, and everything that waits for it.
    package func close() {
        let former = state
        state = .closed
        attempt?.cancel()
        attempt = nil
        loop.disarm(rest)
        loop.disarm(deadlines)
        if case .ready(let connection) = former { connection.close("The layer was closed.") }
        let calls = waiting
        waiting = []
        for call in calls { call.finish(.failure(.unavailable("The layer was closed."))) }
        established = { _ in }
        lost = { _ in }
        failed = { _ in }
    }
}
