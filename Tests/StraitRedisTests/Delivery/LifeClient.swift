import StraitCore

/// A TCP client that plays the client of a life: it writes at given times, and discards what it reads.
///
/// SAFETY: `@unchecked Sendable` is sound because the stream is accessed only on the loop.
final class LifeClient: StreamOwner, @unchecked Sendable {
    private static let loop: EventLoop = {
        let loop = EventLoop()
        loop.start()
        return loop
    }()

    private var stream: SocketStream?

    /// Connects to a server at `address`.
    init(to address: SocketAddress) async throws {
        try await withCheckedThrowingContinuation { (connected: CheckedContinuation<Void, any Error>) in
            Self.loop.execute { [self] in
                do {
                    _ = try SocketConnector(to: address, loop: Self.loop, timeout: .seconds(300)) { result in
                        connected.resume(with: result.map { [self] in open($0) }.mapError { $0 as any Error })
                    }
                } catch {
                    connected.resume(throwing: error)
                }
            }
        }
    }

    private func open(_ stream: SocketStream) {
        self.stream = stream
        stream.attach(self)
        stream.lingerTimeout = .seconds(300)
        stream.open()
    }

    /// Writes `bytes`, and returns after `wait`.
    func write(_ bytes: [UInt8], wait: Duration) async {
        await withCheckedContinuation { continuation in
            Self.loop.execute { [self] in
                stream?.write(Bytes(bytes))
                Self.loop.run(after: wait) { continuation.resume() }
            }
        }
    }

    /// Finishes sending, and reads until the server closes.
    func finish() async { await Self.loop.perform { [self] in stream?.finish() } }

    /// Resets the connection.
    func abort() async { await Self.loop.perform { [self] in stream?.abort() } }

    func received(_ bytes: Span<UInt8>) {}
    func peerFinished() { stream?.finish() }
    func peerHungUp(hasUnread: Bool) {}
    func wrote(_ count: Int) {}
    func drained() {}
    func closed(_ error: TransportError?) { stream = nil }
}
