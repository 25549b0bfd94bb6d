public import StraitCore
import Synchronization

/// A client's end of an in-memory connection, created by ``MemoryServer/connect(from:)``. It sends raw bytes and stores
/// the bytes that it receives.
///
/// Each action returns after the loops have completed all resulting work that does not need the clock to move.
public final class MemoryClient: StreamOwner, Sendable {
    /// The state of the connection.
    public enum End: Sendable, Hashable {
        /// The connection is open.
        case open
        /// The server finished sending, and the client closed.
        case finished
        /// The client closed the connection.
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
    // SAFETY: used only on its loop.
    private nonisolated(unsafe) weak var stream: MemoryStream?
    // SAFETY: set before the stream opens, and called only on its loop after that.
    private nonisolated(unsafe) var listener: (any MemoryListener)?
    private let clock: ManualClock

    /// Creates the client of a connection. Open it with ``open(_:)``.
    package init(_ near: MemoryEnd, clock: ManualClock) {
        self.near = near
        self.clock = clock
    }

    // MARK: Received

    /// The received bytes that no call has taken.
    public var bytes: [UInt8] { state.withLock { $0.bytes } }

    /// The received bytes that no call has taken, as UTF-8 text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The state of the connection.
    public var end: End { state.withLock { $0.end } }

    /// Removes and returns the received text.
    public func take() -> String {
        state.withLock { state in
            defer { state.bytes = [] }
            return String(decoding: state.bytes, as: UTF8.self)
        }
    }

    // MARK: Actions

    package func open(_ listener: (any MemoryListener)? = nil) async {
        unsafe self.listener = listener
        await act { [self] stream in
            unsafe self.stream = stream
            stream.attach(self)
            // The client never times out, so the test's outcome depends only on the server.
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

    /// Sends bytes without waiting for the resulting work.
    package func sendNow(_ bytes: [UInt8]) {
        near.perform(after: .zero) { $0.write(Bytes(bytes)) }
    }

    /// Closes the sending side, and continues to read.
    public func finish() async { await act { $0.finishSending() } }

    /// Closes the connection: the client sends nothing more and ignores further data.
    public func leave() async { await act { $0.finish() } }

    /// Drops the connection without a close. The server sees a reset.
    public func abort() async { await act { $0.abort() } }

    /// Stops reading, so that the server has to buffer its output.
    public func pauseReading() async { await act { $0.pauseReading() } }

    /// Resumes reading.
    public func resumeReading() async { await act { $0.resumeReading() } }

    /// Reads one piece of the buffered data, then stops reading again.
    package func readOnce() async {
        state.withLock { $0.readsOnce = true }
        await resumeReading()
    }

    /// Keeps the connection open when the server finishes sending. By default, the client closes it then.
    package func keepOpen() { state.withLock { $0.keepsOpen = true } }

    /// The number of sent bytes that the server has not read.
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

/// A parser of the bytes that a client's connection receives. Its methods are called on the connection's loop.
package protocol MemoryListener: AnyObject {
    func received(_ bytes: Span<UInt8>, on stream: MemoryStream)
    /// Reports that the connection has closed.
    func closed()
}
