/// Lines that a test waits for.
final class Outlines: Sendable {
    private let lines: AsyncStream<String>
    private let notice: AsyncStream<String>.Continuation

    init() {
        (lines, notice) = AsyncStream.makeStream(of: String.self)
    }

    func add(_ line: String) { notice.yield(line) }
    func next() async -> String? { await lines.first { _ in true } }
}
