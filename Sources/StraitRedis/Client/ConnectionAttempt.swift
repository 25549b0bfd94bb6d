import StraitCore

/// One connection attempt to a host, including the handshake. Loop-bound.
/// If the host has sentinels, the attempt first asks them for the master, one after the other. Nothing happens before
/// ``start()``.
final class ConnectionAttempt {
    typealias Outcome = Result<(RedisConnection, RedisHandshake), RedisFailure>

    private let host: RedisHost
    private let name: String
    private let replacedID: Int?
    private let loop: EventLoop
    private let dialer: any RedisDialer
    private let timer = LoopTimer()
    private var done: ((Outcome) -> Void)?
    private var cancelDial: (() -> Void)?
    private var connection: RedisConnection?
    /// The sentinels that have not been asked yet. `complaints` has the errors of the others.
    private var sentinels: [RedisAddress] = []
    private var complaints: [String] = []
    private let timeout: Duration

    init(
        _ host: RedisHost, name: String, replacedID: Int?, loop: EventLoop, dialer: any RedisDialer, timeout: Duration,
        using generator: inout any RandomNumberGenerator, _ done: @escaping (Outcome) -> Void
    ) {
        self.host = host
        self.name = name
        self.replacedID = replacedID
        self.loop = loop
        self.dialer = dialer
        self.timeout = timeout
        self.done = done
        // Shuffled, so that processes don't all ask the same sentinel first.
        if case .sentinels(let sentinel) = host { sentinels = sentinel.sentinels.shuffled(using: &generator) }
    }

    /// Starts the attempt. It may finish within this call.
    func start() {
        switch host {
        case .server(let address): connect(to: address, role: .any)
        case .sentinels(let sentinel): askNext(sentinel)
        }
    }

    /// Cancels the attempt, without a call to the completion handler.
    func cancel() {
        done = nil
        release()
    }

    private func release() {
        loop.disarm(timer)
        timer.action = {}
        cancelDial?()
        cancelDial = nil
    }

    private func finish(_ outcome: Outcome) {
        guard let done else { return }
        self.done = nil
        release()
        done(outcome)
    }

    // MARK: A server

    private func connect(to address: RedisAddress, role: RedisHandshake.Role) {
        let handshake = RedisHandshake(address, role: role, name: name, replacedID: replacedID)
        dial(address, handshake) { [self] outcome in
            if case .failure(let failure) = outcome, case .sentinels = host {
                return finish(.failure(.unavailable("\(host): \(failure)")))
            }
            finish(outcome)
        }
    }

    private func dial(
        _ address: RedisAddress, _ handshake: RedisHandshake, _ then: @escaping (Outcome) -> Void
    ) {
        var then: ((Outcome) -> Void)? = then
        // Fails rather than sending the password without TLS.
        guard !address.isSecure else { return refuseTLS(address) }
        let ends = { (outcome: Outcome) in
            let call = then
            then = nil
            call?(outcome)
        }
        loop.arm(timer, after: timeout)
        timer.action = { [self] in
            let (cancel, late) = (cancelDial, connection)
            cancelDial = nil
            connection = nil
            // Called before the connection is closed. Otherwise the closing would be reported as the reason.
            ends(.failure(.unavailable("\(address) did not answer in \(timeout).")))
            cancel?()
            late?.close("The handshake took too long.")
        }
        cancelDial = dialer.dial(address.endpoint, on: loop, timeout: timeout) { [self] result in
            cancelDial = nil
            switch result {
            case .failure(let failure): ends(.failure(failure))
            case .success(let (stream, open)):
                let connection = RedisConnection(stream) { ends(.failure($0)) }
                self.connection = connection
                cancelDial = { [unowned connection] in connection.close("The connection is no longer needed.") }
                open()
                proceed(connection, handshake, .send(handshake.first), ends)
            }
        }
    }

    private func refuseTLS(_ address: RedisAddress) {
        timer.action = { [self] in
            finish(
                .failure(
                    .unavailable(
                        """
                        \(address) requires TLS, which Strait does not support for Redis yet. Put a tunnel such as \
                        stunnel in front of Redis, and write redis:// with the tunnel's address.
                        """
                    )))
        }
        loop.arm(timer, after: .zero)
    }

    private func proceed(
        _ connection: RedisConnection, _ handshake: RedisHandshake, _ step: RedisHandshake.Step,
        _ ends: @escaping (Outcome) -> Void
    ) {
        switch step {
        case .done:
            connection.knowsPushes = handshake.knowsPushes
            cancelDial = nil
            self.connection = nil
            ends(.success((connection, handshake)))
        case .send(let command):
            connection.send(command, by: loop.now.advanced(by: timeout)) { [self] reply in
                var handshake = handshake
                do throws(RedisFailure) {
                    let next = try handshake.answered(reply)
                    proceed(connection, handshake, next, ends)
                } catch {
                    ends(.failure(error))
                    connection.close(error.description)
                }
            }
        }
    }

    // MARK: Sentinels

    private func askNext(_ sentinel: RedisSentinels) {
        guard !sentinels.isEmpty else {
            return finish(
                .failure(
                    .unavailable(
                        """
                        No sentinel knows where the master '\(sentinel.masterName)' is. \
                        \(complaints.joined(separator: " "))
                        """
                    )))
        }
        let address = sentinels.removeFirst()
        dial(address, RedisHandshake(address, name: name)) { [self] outcome in
            switch outcome {
            case .failure(let failure): complain(failure.description, sentinel)
            case .success(let (connection, _)): ask(connection, at: address, sentinel)
            }
        }
    }

    private func complain(_ text: String, _ sentinel: RedisSentinels) {
        complaints.append(text)
        askNext(sentinel)
    }

    private func ask(_ connection: RedisConnection, at address: RedisAddress, _ sentinel: RedisSentinels) {
        cancelDial = { connection.close("The connection is no longer needed.") }
        let question = RedisCommand("SENTINEL", ["get-master-addr-by-name", .string(sentinel.masterName)])
        connection.send(question, by: loop.now.advanced(by: timeout)) { [self] reply in
            cancelDial = nil
            connection.close("The sentinel has replied.")
            guard done != nil else { return }
            switch reply {
            case .failure(let failure): complain("\(address): \(failure)", sentinel)
            case .success(let value):
                guard let parts = value.elements, parts.count == 2, let text = parts[0].string,
                    let port = parts[1].string.flatMap(UInt16.init)
                else {
                    return complain(
                        "\(address) does not know a master '\(sentinel.masterName)'.", sentinel)
                }
                connect(to: sentinel.master(host: text, port: port), role: .master)
            }
        }
    }
}
