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

    /// Sends bytes of `file` without passing them through the process, where the exchange can do that; elsewhere returns
    /// how far it has come at once, and the rest is to be written.
    func transfer(_ file: FileBody, _ range: Range<Int>, _ isolation: isolated LoopIsolation) async throws -> Int {
        guard let socket = SocketCopy(exchange?.duplicatedDescriptor()) else { return range.lowerBound }
        var offset = range.lowerBound
        var isBlocked = false
        while offset < range.upperBound {
            // The head is in front, or what it has to wait for.
            while let exchange, isBlocked || exchange.queuedBytes > 0 {
                isBlocked = false
                exchange.tellWhenWritable()
                _ = await waiter.waitUnlessCancelled(isolation)
                try Task.checkCancellation()
            }
            guard exchange != nil else { throw TransportError.closed }
            let outcome = try await file.transfer(offset..<range.upperBound, to: socket.descriptor)
            guard let exchange else { throw TransportError.closed }
            switch outcome {
            case .sent(let count):
                try exchange.didSendBody(count)
                offset += count
            case .blocked(let count):
                try exchange.didSendBody(count)
                offset += count
                isBlocked = true
            case .ended(let count):
                try exchange.didSendBody(count)
                return range.upperBound
            }
        }
        return offset
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
