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
        mutating func change<Result>(_ channel: String, _ body: (inout ChannelQueue) -> Result) -> Result {
            defer { if queues[channel]?.isEmpty == true { queues[channel] = nil } }
            return body(&queues[channel, default: ChannelQueue()])
        }

        /// Drops expired messages from all channels, at most once per interval, and returns their number. Channels
        /// without a receiver would otherwise keep them.
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
        state.withLock { $0.queues[channel]?.receivers.isEmpty == false }
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
            state.change(channel) { queue in queue.receivers.isEmpty ? nil : queue.append(event) }
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

    /// Ends all waits for messages, and rejects later ones.
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
        state.withLock { state in state.queues = state.queues.filter { !$0.value.receivers.isEmpty } }
    }
}

/// The queued messages of one channel, or the receivers that wait for a message. Never both. A value, protected by the
/// layer's lock.
struct ChannelQueue {
    /// A waiting receiver.
    struct Receiver {
        let id: UInt64
        let continuation: CheckedContinuation<LayerEvent?, Never>
    }

    private var events: [LayerEvent] = []
    private var head = 0
    private(set) var receivers: [Receiver] = []

    var count: Int { events.count - head }
    var isEmpty: Bool { count == 0 && receivers.isEmpty }

    /// Queues `event`. If a receiver waits, returns that receiver instead, and the caller resumes it with the event.
    mutating func append(_ event: LayerEvent) -> Receiver? {
        if !receivers.isEmpty { return receivers.removeFirst() }
        events.append(event)
        return nil
    }

    mutating func removeFirst() -> LayerEvent? {
        guard head < events.count else { return nil }
        let event = events[head]
        head += 1
        if head == events.count {
            events = []
            head = 0
        } else if head > 64, head > events.count / 2 {
            events.removeFirst(head)
            head = 0
        }
        return event
    }

    /// Removes all queued messages.
    mutating func removeAll() {
        events = []
        head = 0
    }

    /// Drops messages that have expired at `now`, and returns their number.
    mutating func removeExpired(_ now: Instant) -> Int {
        let before = count
        while head < events.count, events[head].expires <= now { _ = removeFirst() }
        return before - count
    }

    mutating func add(_ receiver: Receiver) { receivers.append(receiver) }

    mutating func removeReceiver(_ id: UInt64) -> Receiver? {
        guard let index = receivers.firstIndex(where: { $0.id == id }) else { return nil }
        return receivers.remove(at: index)
    }
}
