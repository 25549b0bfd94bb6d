package import StraitCore

/// A factory for connections. Tests use one that connects to an in-memory server.
package protocol RedisDialer: Sendable {
    /// Starts to connect to `endpoint`. `done` is called once on the loop, not within this call. The caller attaches an
    /// owner to the stream, and then calls `open`.
    ///
    /// - Returns: A closure that cancels the attempt; `done` is then not called.
    func dial(
        _ endpoint: RedisAddress.Endpoint, on loop: EventLoop, timeout: Duration,
        _ done: @escaping (Result<(stream: any ByteStream, open: () -> Void), RedisFailure>) -> Void
    ) -> () -> Void
}

/// A dialer for TCP and Unix domain sockets.
package struct SocketDialer: RedisDialer {
    package init() {}

    package func dial(
        _ endpoint: RedisAddress.Endpoint, on loop: EventLoop, timeout: Duration,
        _ done: @escaping (Result<(stream: any ByteStream, open: () -> Void), RedisFailure>) -> Void
    ) -> () -> Void {
        let attempt = Attempt(loop: loop, timeout: timeout, done)
        switch endpoint {
        case .unix(let path): attempt.connect(to: .unix(path: path))
        case .tcp(let host, let port):
            if let numeric = HostName.numeric(host) {
                attempt.connect(to: .internet(host: numeric, port: Int(port)))
            } else {
                attempt.resolve(host, port: Int(port))
            }
        }
        return { attempt.cancel() }
    }

    /// One connection attempt. Loop-bound.
    private final class Attempt {
        private let loop: EventLoop
        private let timeout: Duration
        private var done: ((Result<(stream: any ByteStream, open: () -> Void), RedisFailure>) -> Void)?
        private var connector: SocketConnector?

        init(
            loop: EventLoop, timeout: Duration,
            _ done: @escaping (Result<(stream: any ByteStream, open: () -> Void), RedisFailure>) -> Void
        ) {
            self.loop = loop
            self.timeout = timeout
            self.done = done
        }

        func connect(to address: SocketAddress) {
            do throws(TransportError) {
                connector = try SocketConnector(to: address, loop: loop, timeout: timeout) { [self] result in
                    connector = nil
                    switch result {
                    case .success(let stream): finish(.success((stream, { stream.open() })))
                    case .failure(let error): finish(.failure(.unavailable(error.description)))
                    }
                }
            } catch {
                failLater(error)
            }
        }

        /// Resolves the host name on another thread, because the resolver blocks.
        func resolve(_ host: String, port: Int) {
            let loop = loop
            // SAFETY: The attempt is used only on its event loop.
            nonisolated(unsafe) let attempt = self
            Task.detached {
                let result = Result { () throws(TransportError) in try HostName.resolve(host) }
                loop.execute {
                    switch result {
                    case .success(let numeric): unsafe attempt.connectResolved(numeric, port)
                    case .failure(let error): unsafe attempt.finish(.failure(.unavailable(error.description)))
                    }
                }
            }
        }

        private func connectResolved(_ host: String, _ port: Int) {
            if done != nil { connect(to: .internet(host: host, port: port)) }
        }

        private func failLater(_ error: TransportError) {
            let timer = LoopTimer()
            timer.action = { [self] in
                timer.action = {}
                finish(.failure(.unavailable(error.description)))
            }
            loop.arm(timer, after: .zero)
        }

        private func finish(_ result: Result<(stream: any ByteStream, open: () -> Void), RedisFailure>) {
            guard let done else { return }
            self.done = nil
            done(result)
        }

        func cancel() {
            done = nil
            connector?.cancel()
            connector = nil
        }
    }
}

/// Time limits for communication with Redis.
package struct RedisTimeLimits: Sendable {
    /// The time to connect, including the handshake: 5 seconds. redis-py's `socket_connect_timeout`.
    package var connect: Duration = .seconds(5)
    /// The time until a command is answered, or fails without a connection: 5 seconds. redis-py's `socket_timeout`.
    package var command: Duration = .seconds(5)
    /// The time that one blocking read waits before it is repeated: 5 seconds.
    package var read: Duration = .seconds(5)
    /// The delays between connection attempts.
    package var reconnect = RetryDelay()
    /// The time that a channel of no process stays subscribed after its last receiver was cancelled: 5 seconds.
    package var abandonedChannel: Duration = .seconds(5)
    /// The time that such a channel stays subscribed after its last message was received: an hour.
    ///
    /// A worker may take a long time to handle a message before it receives the next one. Channels stays subscribed
    /// while the process is running.
    package var idleChannel: Duration = .seconds(3600)

    package init() {}
}
