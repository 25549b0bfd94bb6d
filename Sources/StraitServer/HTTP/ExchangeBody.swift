import StraitNetwork
import StraitRouting

/// A request's body between the connection, which puts pieces in, and the handler, which takes them out. What is not
/// taken fills ``limit`` bytes; then the connection is no longer read, and TCP slows the client down.
///
/// `@unchecked Sendable` is sound because everything is touched on the exchange's loop alone: ``next()`` goes there.
final class ExchangeBody: RequestBodySource, @unchecked Sendable {
    static let limit = 64 << 10

    private let loop: EventLoop
    private var exchange: Exchange?
    private var pieces: [Bytes] = []
    private var bytes = 0
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
        pieces.append(Bytes(piece))
        bytes += piece.count
        if bytes >= Self.limit { exchange?.pause() }
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
        while pieces.isEmpty {
            if let failure { throw failure }
            if hasEnded { return nil }
            try Task.checkCancellation()
            exchange?.wantBody()
            guard !waiter.isWaiting else { preconditionFailure("A request's body has one reader at a time.") }
            _ = await waiter.wait()
        }
        let piece = pieces.removeFirst()
        bytes -= piece.count
        if bytes < Self.limit / 2 { exchange?.resume() }
        return piece
    }
}
