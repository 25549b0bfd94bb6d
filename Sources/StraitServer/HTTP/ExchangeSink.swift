import StraitNetwork
import StraitRouting

/// Where a streamed response goes: into the exchange, no faster than the client reads.
///
/// `@unchecked Sendable` is sound because everything is touched on the exchange's loop alone: ``write(_:)`` goes there.
final class ExchangeSink: ResponseBodySink, @unchecked Sendable {
    /// The bytes that may be queued before a writer waits.
    static let limit = 64 << 10

    private let loop: EventLoop
    private var exchange: Exchange?
    private let waiter: LoopWaiter

    init(_ exchange: Exchange) {
        self.exchange = exchange
        loop = exchange.loop
        waiter = LoopWaiter(loop: exchange.loop)
    }

    /// Little is queued.
    func drained() {
        waiter.wake()
    }

    /// The exchange is over.
    func end() {
        exchange = nil
        waiter.wake()
    }

    nonisolated(nonsending) func write(_ bytes: Bytes) async throws {
        try await put(bytes, loop.isolation)
    }

    private func put(_ bytes: Bytes, _ isolation: isolated LoopIsolation) async throws {
        guard let exchange else { throw TransportError.closed }
        guard !waiter.isWaiting else { throw ExchangeError.secondWriter }
        try exchange.sendBody(bytes)
        try Task.checkCancellation()
        while exchange.queuedBytes > Self.limit {
            exchange.tellWhenDrained()
            _ = await waiter.waitUnlessCancelled(isolation)
            if self.exchange == nil { throw TransportError.closed }
            try Task.checkCancellation()
        }
    }
}
