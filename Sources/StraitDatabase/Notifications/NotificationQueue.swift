internal import Synchronization

/// The owner of a listener. It stops the listener when it is released.
final class NotificationSubscription: Sendable {
    let queue: NotificationQueue
    private let end: @Sendable () -> Void

    init(queue: NotificationQueue, end: @escaping @Sendable () -> Void) {
        self.queue = queue
        self.end = end
    }

    deinit { end() }
}

/// The notifications that wait for their loop. Above a limit in bytes, the newest are dropped and counted.
final class NotificationQueue: Sendable {
    /// The bytes that count for a notification, besides its payload.
    static let overhead = 64

    private struct State: ~Copyable {
        var elements: [DatabaseNotifications.Element] = []
        var bytes = 0
        var dropped = 0
        var hasEnded = false
        var waiting: CheckedContinuation<DatabaseNotifications.Element?, Never>?
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    var droppedCount: Int { state.withLock { $0.dropped } }

    func add(_ notification: DatabaseNotification) {
        let size = notification.payload.utf8.count + Self.overhead
        state.withLock { state -> CheckedContinuation<DatabaseNotifications.Element?, Never>? in
            if state.hasEnded { return nil }
            if let waiting = state.waiting.take() { return waiting }
            if state.bytes + size > limit {
                state.dropped += 1
                if state.elements.last != .missed { state.elements.append(.missed) }
            } else {
                state.bytes += size
                state.elements.append(.notification(notification))
            }
            return nil
        }?.resume(returning: .notification(notification))
    }

    /// Notes that notifications may have been missed.
    func miss() {
        state.withLock { state -> CheckedContinuation<DatabaseNotifications.Element?, Never>? in
            if state.hasEnded { return nil }
            if let waiting = state.waiting.take() { return waiting }
            if state.elements.last != .missed { state.elements.append(.missed) }
            return nil
        }?.resume(returning: .missed)
    }

    func finish() {
        state.withLock { state in
            state.hasEnded = true
            return state.waiting.take()
        }?.resume(returning: nil)
    }

    nonisolated(nonsending) func next() async -> DatabaseNotifications.Element? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (now, replaced) = state.withLock {
                    state -> (
                        DatabaseNotifications.Element??, CheckedContinuation<DatabaseNotifications.Element?, Never>?
                    ) in
                    if !state.elements.isEmpty {
                        let element = state.elements.removeFirst()
                        if case .notification(let notification) = element {
                            state.bytes -= notification.payload.utf8.count + Self.overhead
                        }
                        return (.some(element), nil)
                    }
                    if state.hasEnded || Task.isCancelled { return (.some(nil), nil) }
                    defer { state.waiting = continuation }
                    return (nil, state.waiting)
                }
                replaced?.resume(returning: nil)
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            state.withLock { $0.waiting.take() }?.resume(returning: nil)
        }
    }
}
