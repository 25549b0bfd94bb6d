@testable import StraitCore

/// A stream owner that records its events, so that a test can await them.
final class Recorder: StreamOwner, Sendable {
    let notes: AsyncStream<String>
    private let notice: AsyncStream<String>.Continuation

    init() {
        (notes, notice) = AsyncStream.makeStream(of: String.self)
    }

    func received(_ bytes: Span<UInt8>) { notice.yield("received \(bytes.count)") }
    func peerFinished() { notice.yield("finished") }
    func peerHungUp(hasUnread: Bool) { notice.yield("hung up") }
    func wrote(_ count: Int) {}
    func drained() { notice.yield("drained") }

    func closed(_ error: TransportError?) {
        notice.yield("closed" + (error.map { " \($0)" } ?? ""))
        notice.finish()
    }
}
