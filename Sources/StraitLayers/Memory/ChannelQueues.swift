package import StraitNetwork
internal import Synchronization

/// The channels of this process that no socket has, each with the messages that wait in it or those who wait for
/// messages.
package final class ChannelQueues: Sendable {
    private let capacity: ChannelCapacity
    private let expiry: Duration
    private let time: any TimeSource
    private let counters: LayerCounters
    private let state = Mutex(State())

    private struct State {
        var queues: [String: ChannelQueue] = [:]
        var receivers: UInt64 = 0
        /// When channels that nobody asks for any more are looked through next.
        var nextSweep = Instant(nanoseconds: .min)
        var isClosed = false

        /// Changes a channel's queue in place; an empty one is forgotten.
        mutating func change<Result>(_ channel: String, _ body: (inout ChannelQueue) -> Result) -> Result {
            defer { if queues[channel]?.isEmpty == true { queues[channel] = nil } }
            return body(&queues[channel, default: ChannelQueue()])
        }

        /// Forgets, once in a while, what is too old in channels that nobody reads; how many messages that were.
        mutating func sweep(_ now: Instant, every interval: Duration) -> Int {
            guard now >= nextSweep else { return 0 }
            nextSweep = now.advanced(by: interval)
            var dropped = 0
            for (channel, var queue) in queues {
                let count = queue.removeExpired(now)
                if count == 0 { continue }
                dropped += count
                queues[channel] = queue.isEmpty ? nil : queue
            }
            return dropped
        }
    }

    /// - Parameters:
    ///   - expiry: How often channels that nobody asks for are looked through for what is too old.
    ///   - counters: Where what is dropped is counted.
    package init(capacity: ChannelCapacity, expiry: Duration, time: any TimeSource, counters: LayerCounters) {
        self.capacity = capacity
        self.expiry = expiry
        self.time = time
        self.counters = counters
    }

    /// How many channels hold messages or have receivers.
    package var count: Int { state.withLock { $0.queues.count } }

    /// Whether somebody waits for a message of `channel`.
    package func isAwaited(_ channel: String) -> Bool {
        state.withLock { $0.queues[channel]?.receivers.isEmpty == false }
    }

    /// Whether messages of `channel` wait for a receiver.
    package func hasMessages(in channel: String) -> Bool {
        state.withLock { ($0.queues[channel]?.count ?? 0) > 0 }
    }

    /// Puts `event` into `channel`, or hands it to who waits there. False where the channel is full, which is counted.
    package func put(_ event: LayerEvent, in channel: String) -> Bool {
        let now = time.now
        let (receiver, isTaken) = state.withLock { state -> (ChannelQueue.Receiver?, Bool) in
            counters.dropExpired(state.sweep(now, every: expiry))
            return state.change(channel) { queue in
                counters.dropExpired(queue.removeExpired(now))
                guard queue.count < capacity[channel] else { return (nil, false) }
                return (queue.append(event), true)
            }
        }
        receiver?.continuation.resume(returning: event)
        if !isTaken { counters.dropFull() }
        return isTaken
    }

    /// Hands `event` to who waits for a message of `channel`; false where nobody does.
    package func offer(_ event: LayerEvent, to channel: String) -> Bool {
        let receiver = state.withLock { state in
            state.change(channel) { queue in queue.receivers.isEmpty ? nil : queue.append(event) }
        }
        receiver?.continuation.resume(returning: event)
        return receiver != nil
    }

    /// The next message of `channel`, for which it waits.
    ///
    /// - Parameter changed: Called when who asks begins to wait, and when it is cancelled while it waits.
    /// - Throws: `CancellationError` where the task is cancelled, and ``LayerError/unavailable(_:)`` once the channels are
    ///   closed; no message is lost by that.
    package func receive(_ channel: String, changed: @Sendable () -> Void = {}) async throws -> LayerEvent {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.receivers += 1
            return state.receivers
        }
        let event = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<LayerEvent?, Never>) in
                if let event = take(channel, or: ChannelQueue.Receiver(id: id, continuation: continuation)) {
                    continuation.resume(returning: event)
                } else {
                    changed()
                    if Task.isCancelled { cancel(id, channel, changed) }
                }
            }
        } onCancel: {
            cancel(id, channel, changed)
        }
        if let event { return event }
        try Task.checkCancellation()
        throw LayerError.unavailable("The channel layer was closed, so that nothing comes any more.")
    }

    /// The next message, or nil where `receiver` has to wait for it.
    private func take(_ channel: String, or receiver: ChannelQueue.Receiver) -> LayerEvent? {
        let now = time.now
        let (event, isClosed) = state.withLock { state -> (LayerEvent?, Bool) in
            counters.dropExpired(state.sweep(now, every: expiry))
            if state.isClosed { return (nil, true) }
            let event = state.change(channel) { queue in
                counters.dropExpired(queue.removeExpired(now))
                let event = queue.removeFirst()
                if event == nil { queue.add(receiver) }
                return event
            }
            return (event, false)
        }
        if isClosed { receiver.continuation.resume(returning: nil) }
        return event
    }

    /// Has everybody who waits for a message wait no longer, and nobody begin to.
    package func close() {
        let queues = state.withLock { state in
            state.isClosed = true
            defer { state.queues = [:] }
            return state.queues
        }
        for receiver in queues.values.flatMap(\.receivers) { receiver.continuation.resume(returning: nil) }
    }

    private func cancel(_ id: UInt64, _ channel: String, _ changed: () -> Void) {
        let receiver = state.withLock { state in state.change(channel) { $0.removeReceiver(id) } }
        guard let receiver else { return }
        receiver.continuation.resume(returning: nil)
        changed()
    }

    /// Removes the messages that wait in `channel`. Receivers go on waiting.
    ///
    /// - Returns: The number of messages.
    @discardableResult
    package func remove(_ channel: String) -> Int {
        state.withLock { state in
            state.change(channel) { queue in
                defer { queue.removeAll() }
                return queue.count
            }
        }
    }

    /// Forgets what waits in channels. Who waits for messages goes on waiting.
    package func removeAll() {
        state.withLock { state in state.queues = state.queues.filter { !$0.value.receivers.isEmpty } }
    }
}
