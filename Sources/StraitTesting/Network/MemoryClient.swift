public import StraitNetwork
import Synchronization

/// A client's end of an in-memory connection: it sends bytes as they are, and keeps what comes. Made by
/// ``MemoryServer/connect(from:)``.
///
/// Each step returns when everything that it set off at this moment of the clock is done on the loops.
public final class MemoryClient: StreamOwner, Sendable {
    /// What became of the connection.
    public enum End: Sendable, Hashable {
        case open
        /// The server said that nothing follows, and the client has closed too.
        case finished
        /// The client closed.
        case closed
        /// The connection was lost.
        case reset
    }

    private struct State {
        var bytes: [UInt8] = []
        var end = End.open
        var keepsOpen = false
        var readsOnce = false
    }

    private let state = Mutex(State())
    let near: MemoryEnd
    // Sound: touched on its loop alone.
    private nonisolated(unsafe) weak var stream: MemoryStream?
    // Sound: set before the stream is opened, and called on its loop alone from then on.
    private nonisolated(unsafe) var listener: (any MemoryListener)?
    private let clock: ManualClock

    /// The client of a connection, which is opened with ``open(_:)``.
    package init(_ near: MemoryEnd, clock: ManualClock) {
        self.near = near
        self.clock = clock
    }

    // MARK: What came

    /// The bytes that came and were not taken.
    public var bytes: [UInt8] { state.withLock { $0.bytes } }

    /// The same as UTF-8 text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// What became of the connection.
    public var end: End { state.withLock { $0.end } }

    /// The text so far, and forgets it.
    public func take() -> String {
        state.withLock { state in
            defer { state.bytes = [] }
            return String(decoding: state.bytes, as: UTF8.self)
        }
    }

    // MARK: What it does

    package func open(_ listener: (any MemoryListener)? = nil) async {
        unsafe self.listener = listener
        await act { [self] stream in
            unsafe self.stream = stream
            stream.attach(self)
            // A client waits for ever: what ends is the server's choice.
            stream.stallTimeout = .seconds(1_000_000)
            stream.lingerTimeout = .seconds(1_000_000)
            stream.open()
        }
    }

    /// Sends `text` as UTF-8.
    public func send(_ text: String) async { await send(Array(text.utf8)) }

    /// Sends `bytes`.
    public func send(_ bytes: [UInt8]) async {
        await act { $0.write(Bytes(bytes)) }
    }

    /// Sends without waiting for what follows from it.
    package func sendNow(_ bytes: [UInt8]) {
        near.perform(after: .zero) { $0.write(Bytes(bytes)) }
    }

    /// Sends no more, and reads on.
    public func finish() async { await act { $0.finishSending() } }

    /// Sends no more, and wants to hear no more.
    public func leave() async { await act { $0.finish() } }

    /// Is gone without a word: the server sees a reset.
    public func abort() async { await act { $0.abort() } }

    /// Reads no more, so that the server has to wait with what it sends.
    public func pauseReading() async { await act { $0.pauseReading() } }

    /// Reads on.
    public func resumeReading() async { await act { $0.resumeReading() } }

    /// Takes one piece of what waits.
    package func readOnce() async {
        state.withLock { $0.readsOnce = true }
        await resumeReading()
    }

    /// Stays as it is when the server finishes, where a client would finish too.
    package func keepOpen() { state.withLock { $0.keepsOpen = true } }

    /// How many bytes the server has not taken.
    package var unsent: Int {
        get async {
            await withCheckedContinuation { continuation in
                near.perform(after: .zero) { continuation.resume(returning: $0.queuedBytes) }
            }
        }
    }

    private func act(_ body: @escaping @Sendable (MemoryStream) -> Void) async {
        near.perform(after: .zero, body)
        await clock.idle()
    }

    // MARK: Stream

    package func received(_ bytes: Span<UInt8>) {
        let copy = Array(Bytes(bytes))
        let isLast = state.withLock { state in
            state.bytes += copy
            defer { state.readsOnce = false }
            return state.readsOnce
        }
        if isLast { unsafe stream?.pauseReading() }
        if let stream = unsafe stream { unsafe listener?.received(bytes, on: stream) }
    }

    package func peerFinished() {
        let stays = state.withLock { state in
            state.end = .finished
            return state.keepsOpen
        }
        if !stays { near.perform(after: .zero) { $0.finish() } }
    }

    package func peerHungUp(hasUnread: Bool) {}
    package func wrote(_ count: Int) {}
    package func drained() {}

    package func closed(_ error: TransportError?) {
        state.withLock { $0.end = error == nil ? ($0.end == .finished ? .finished : .closed) : .reset }
        unsafe listener?.closed()
    }
}

/// Who understands what comes on a client's connection. Its methods are called on the connection's loop.
package protocol MemoryListener: AnyObject {
    func received(_ bytes: Span<UInt8>, on stream: MemoryStream)
    /// The connection is over.
    func closed()
}
