package import StraitCore
internal import Synchronization

/// The channels of this process that belong to no socket, each with its queued messages or its waiting receivers.
package final class ChannelQueues: Sendable {
    private let capacity: ChannelCapacity
    private let expiry: Duration
    private let time: any TimeSource
    private let counters: LayerCounters
    private let state = Mutex(State())

    private struct State {
        var queues: [String: ChannelQueue] = [:]
        var receivers: UInt64 = 0
        /// The time of the next search for expired messages in all channels.
        var nextSweep = Instant(nanoseconds: .min)
        var isClosed = false

        /// Changes a channel's queue in place, and removes it if it is empty afterwards.
        mutating func change<Result>(_ channel: String, _ body: (ChannelQueue) -> Result) -> Result {
            let queue = queues[channel] ?? ChannelQueue()
            let result = body(queue)
            queues[channel] = queue.isEmpty ? nil : queue
            return result
        }

        /// Drops expired messages from all channels, at most once per interval, and returns their number. Channels
        /// without a receiver would otherwise keep them.
        mutating func sweep(_ now: Instant, every interval: Duration) -> Int {
            guard now >= nextSweep else { return 0 }
            nextSweep = now.advanced(by: interval)
            var dropped = 0
            for (channel, queue) in queues {
                dropped += queue.removeExpired(now)
                if queue.isEmpty { queues[channel] = nil }
            }
            return dropped
        }
    }

    /// - Parameters:
    ///   - expiry: The interval between two searches for expired messages in all channels.
    ///   - counters: The counters of dropped messages.
    package init(capacity: ChannelCapacity, expiry: Duration, time: any TimeSource, counters: LayerCounters) {
        self.capacity = capacity
        self.expiry = expiry
        self.time = time
        self.counters = counters
    }

    /// The number of channels that hold messages or have receivers.
    package var count: Int { state.withLock { $0.queues.count } }

    /// Whether a receiver waits for a message of `channel`.
    package func isAwaited(_ channel: String) -> Bool {
        state.withLock { $0.queues[channel]?.isAwaited == true }
    }

    /// Whether `channel` has queued messages.
    package func hasMessages(in channel: String) -> Bool {
        state.withLock { ($0.queues[channel]?.count ?? 0) > 0 }
    }

    /// Queues `event` in `channel`, or passes it to a waiting receiver. If the channel is full, counts the event as
    /// dropped and returns false.
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

    /// Passes `event` to a waiting receiver of `channel`. Returns false if there is none.
    package func offer(_ event: LayerEvent, to channel: String) -> Bool {
        let receiver = state.withLock { state in
            state.change(channel) { queue in queue.isAwaited ? queue.append(event) : nil }
        }
        receiver?.continuation.resume(returning: event)
        return receiver != nil
    }

    /// Waits for the next message of `channel` and returns it.
    ///
    /// - Parameter changed: Called when the receiver starts to wait, and when it is cancelled while it waits.
    /// - Throws: `CancellationError` if the task is cancelled; ``LayerError/unavailable(_:)`` if the channels are
    ///   closed. No message is lost then.
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
        throw LayerError.unavailable("The channel layer is closed, so no more messages can be received.")
    }

    /// Returns the next message. If there is none, queues `receiver` and returns nil.
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

    /// Drops all queued messages, ends all waits for messages, and rejects later waits.
    package func close() {
        state.withLock { $0.isClosed = true }
        endWaits()
    }

    /// Drops all queued messages and ends all waits for messages.
    package func endWaits() {
        let receivers = state.withLock { state in
            defer { state.queues = [:] }
            return state.queues.values.flatMap { $0.removeReceivers() }
        }
        for receiver in receivers { receiver.continuation.resume(returning: nil) }
    }

    private func cancel(_ id: UInt64, _ channel: String, _ changed: () -> Void) {
        let receiver = state.withLock { state in state.change(channel) { $0.removeReceiver(id) } }
        guard let receiver else { return }
        receiver.continuation.resume(returning: nil)
        changed()
    }

    /// Removes the queued messages of `channel`. Receivers keep waiting.
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

    /// Removes the queued messages of all channels. Receivers keep waiting.
    package func removeAll() {
        state.withLock { state in state.queues = state.queues.filter { $0.value.isAwaited } }
    }
}

/// The queued messages of one channel, or its waiting receivers, but never both. Protected by the lock of
/// ``ChannelQueues``.
private final class ChannelQueue {
    /// A waiting receiver.
    struct Receiver: Sendable {
        let id: UInt64
        let continuation: CheckedContinuation<LayerEvent?, Never>
    }

    private var events = Ring<LayerEvent>()
    private var receivers = Ring<Receiver>()

    var count: Int { events.count }
    var isAwaited: Bool { !receivers.isEmpty }
    var isEmpty: Bool { events.isEmpty && receivers.isEmpty }

    /// Queues `event`. If a receiver waits, returns that receiver instead, and the caller resumes it with the event.
    func append(_ event: LayerEvent) -> Receiver? {
        if let receiver = receivers.popFirst() { return receiver }
        events.append(event)
        return nil
    }

    func removeFirst() -> LayerEvent? {
        defer { if events.isEmpty { events.removeAll(keepingCapacity: 64) } }
        return events.popFirst()
    }

    /// Removes all queued messages.
    func removeAll() { events.removeAll() }

    /// Drops messages that have expired at `now`, and returns their number.
    func removeExpired(_ now: Instant) -> Int {
        let before = count
        while let first = events.first, first.expires <= now { _ = events.removeFirst() }
        return before - count
    }

    func add(_ receiver: Receiver) { receivers.append(receiver) }

    func removeReceiver(_ id: UInt64) -> Receiver? {
        var found: Receiver?
        receivers.removeAll { receiver in
            if receiver.id == id { found = receiver }
            return receiver.id == id
        }
        return found
    }

    /// Removes and returns all receivers.
    func removeReceivers() -> [Receiver] {
        var removed: [Receiver] = []
        while let receiver = receivers.popFirst() { removed.append(receiver) }
        return removed
    }
}
