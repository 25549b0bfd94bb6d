import StraitNetwork
import Synchronization

/// A client's end of a connection: sends bytes as they are, and keeps what comes.
final class Client: StreamOwner, Sendable {
    enum End: Sendable, Equatable {
        case open
        /// The server said that nothing follows.
        case finished
        case closed
        case reset
    }

    private struct State {
        var bytes: [UInt8] = []
        var end = End.open
        var keepsOpen = false
        var readsOnce = false
    }

    private let state = Mutex(State())
    private let near: MemoryEnd
    // Sound: touched on its loop alone.
    private nonisolated(unsafe) weak var stream: MemoryStream?
    private let group: EventLoopGroup

    init(_ near: MemoryEnd, group: EventLoopGroup) {
        self.near = near
        self.group = group
    }

    // MARK: What came

    var bytes: [UInt8] { state.withLock { $0.bytes } }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var end: End { state.withLock { $0.end } }

    /// The text so far, and forgets it.
    func take() -> String {
        state.withLock { state in
            defer { state.bytes = [] }
            return String(decoding: state.bytes, as: UTF8.self)
        }
    }

    // MARK: What it does

    func open() async {
        await act { [self] stream in
            unsafe self.stream = stream
            stream.attach(self)
            stream.stallTimeout = .seconds(1_000_000)
            stream.lingerTimeout = .seconds(1_000_000)
            stream.open()
        }
    }

    func send(_ text: String) async { await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async {
        await act { $0.write(Bytes(bytes)) }
    }

    /// Sends without waiting for what follows from it.
    func sendNow(_ bytes: [UInt8]) {
        near.perform(after: .zero) { $0.write(Bytes(bytes)) }
    }

    /// Sends no more, and reads on.
    func finish() async { await act { $0.finishSending() } }

    /// Sends no more, and wants to hear no more.
    func leave() async { await act { $0.finish() } }

    /// Is gone without a word.
    func abort() async { await act { $0.abort() } }

    func pauseReading() async { await act { $0.pauseReading() } }
    func resumeReading() async { await act { $0.resumeReading() } }

    /// Takes one piece of what waits.
    func readOnce() async {
        state.withLock { $0.readsOnce = true }
        await resumeReading()
    }

    /// Stays as it is when the server finishes, where a client would finish too.
    func keepOpen() { state.withLock { $0.keepsOpen = true } }

    /// How many bytes the server has not taken.
    var unsent: Int {
        get async {
            await withCheckedContinuation { continuation in
                near.perform(after: .zero) { continuation.resume(returning: $0.queuedBytes) }
            }
        }
    }

    private func act(_ body: @escaping @Sendable (MemoryStream) -> Void) async {
        near.perform(after: .zero, body)
        await group.idle()
    }

    // MARK: Stream

    func received(_ bytes: Span<UInt8>) {
        let copy = Array(Bytes(bytes))
        let isLast = state.withLock { state in
            state.bytes += copy
            defer { state.readsOnce = false }
            return state.readsOnce
        }
        if isLast { unsafe stream?.pauseReading() }
    }

    func peerFinished() {
        let stays = state.withLock { state in
            state.end = .finished
            return state.keepsOpen
        }
        if !stays { near.perform(after: .zero) { $0.finish() } }
    }

    func peerHungUp() {}
    func drained() {}

    func closed(_ error: TransportError?) {
        state.withLock { $0.end = error == nil ? ($0.end == .finished ? .finished : .closed) : .reset }
    }
}
