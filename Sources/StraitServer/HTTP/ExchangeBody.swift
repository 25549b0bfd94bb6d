import StraitNetwork
import StraitRouting

/// A request's body, passed from the connection to the handler. When ``limit`` bytes are unread, the connection is no
/// longer read, and TCP slows the client down.
///
/// SAFETY: `@unchecked Sendable` is sound because everything is used only on the exchange's loop; ``next()`` switches
/// to it.
final class ExchangeBody: RequestBodySource, @unchecked Sendable {
    static let limit = 64 << 10

    private let loop: EventLoop
    private var exchange: Exchange?
    /// The unread bytes. They share one block even if the pieces are small: a chunk of one byte costs one byte.
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
