import StraitCore
import StraitHTTP

/// The body of a streamed response, which is written no faster than the client reads.
///
/// SAFETY: `@unchecked Sendable` is sound because everything is used only on the exchange's loop; ``write(_:)``
/// switches to it.
final class ExchangeSink: ResponseBodySink, @unchecked Sendable {
    /// The number of queued bytes above which a writer waits.
    static let limit = 64 << 10

    private let loop: EventLoop
    private var exchange: (any Exchange)?
    private let waiter: LoopWaiter

    init(_ exchange: any Exchange) {
        self.exchange = exchange
        loop = exchange.loop
        waiter = LoopWaiter(loop: exchange.loop)
    }

    /// Wakes the writer because little output is queued.
    func drained() {
        waiter.wake()
    }

    /// Handles the end of the exchange.
    func end() {
        exchange = nil
        waiter.wake()
    }

    nonisolated(nonsending) func write(_ bytes: Bytes) async throws {
        try await put(bytes, loop.isolation)
    }

    /// Sends bytes of `file` without copying them through the process, if the exchange can do that.
    ///
    /// - Returns: The offset reached. The caller must write the rest.
    func transfer(_ file: FileBody, _ range: Range<Int>, _ isolation: isolated LoopIsolation) async throws -> Int {
        guard let socket = SocketCopy(exchange?.duplicatedDescriptor()) else { return range.lowerBound }
        var offset = range.lowerBound
        var isBlocked = false
        while offset < range.upperBound {
            // The response's head is still queued, or the kernel accepts no more for now.
            while let exchange, isBlocked || exchange.queuedBytes > 0 {
                isBlocked = false
                exchange.notifyWhenWritable()
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
            exchange.notifyWhenDrained()
            _ = await waiter.waitUnlessCancelled(isolation)
            if self.exchange == nil { throw TransportError.closed }
            try Task.checkCancellation()
        }
    }
}

/// A request's body, passed from the connection to the handler. When ``limit`` bytes are unread, the connection is no
/// longer read, and TCP slows the client down.
///
/// SAFETY: `@unchecked Sendable` is sound because everything is used only on the exchange's loop; ``next()`` switches
/// to it.
final class ExchangeBody: RequestBodySource, @unchecked Sendable {
    static let limit = 64 << 10

    private let loop: EventLoop
    private var exchange: (any Exchange)?
    /// The unread bytes. They share one block even if the pieces are small: a chunk of one byte costs one byte.
    private var bytes = ByteBuffer()
    private var hasEnded = false
    private var failure: TransportError?
    private let waiter: LoopWaiter

    init(_ exchange: any Exchange) {
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
