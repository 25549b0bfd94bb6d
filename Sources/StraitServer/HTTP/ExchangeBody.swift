import StraitNetwork
import StraitRouting

/// A request's body between the connection, which puts bytes in, and the handler, which takes them out. What is not
/// taken fills ``limit`` bytes; then the connection is no longer read, and TCP slows the client down.
///
/// `@unchecked Sendable` is sound because everything is touched on the exchange's loop alone: ``next()`` goes there.
final class ExchangeBody: RequestBodySource, @unchecked Sendable {
    static let limit = 64 << 10

    private let loop: EventLoop
    private var exchange: Exchange?
    /// What came, in one block however small the pieces were: a chunk of one byte costs one byte.
    private var bytes = ByteBuffer()
    private var hasEnded = false
    private var failure: TransportError?
    private let waiter: LoopWaiter

    init(_ exchange: Exchange) {
        self.exchange = exchange
        loop = exchange.loop
        waiter = LoopWaiter(loop: exchange.loop)
    }

    // MARK: From the connection

    func put(_ piece: Span<UInt8>) {
        bytes.append(piece)
        if bytes.count >= Self.limit { exchange?.pause() }
        waiter.wake()
    }

    func end(_ error: TransportError?) {
        guard !hasEnded else { return }
        hasEnded = true
        failure = error
        exchange = nil
        waiter.wake()
    }

    // MARK: To the handler

    nonisolated(nonsending) func next() async throws -> Bytes? {
        try await take(loop.isolation)
    }

    private func take(_ isolation: isolated LoopIsolation) async throws -> Bytes? {
        while bytes.isEmpty {
            if let failure { throw failure }
            if hasEnded { return nil }
            try Task.checkCancellation()
            guard !waiter.isWaiting else { throw ExchangeError.secondReader }
            exchange?.wantBody()
            _ = await waiter.waitUnlessCancelled(isolation)
        }
        let taken = bytes.take()
        exchange?.resume()
        return taken
    }
}
