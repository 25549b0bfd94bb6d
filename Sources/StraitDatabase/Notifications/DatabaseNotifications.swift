/// A notification that another connection sent with `NOTIFY` or ``Database/notify(_:_:)``.
public struct DatabaseNotification: Sendable, Hashable {
    /// The text of the notification; empty if it has none.
    public let payload: String
    /// The ID of the server process that sent it.
    public let process: Int

    package init(payload: String, process: Int) {
        self.payload = payload
        self.process = process
    }
}

/// The notifications of a channel: a sequence that ends when the database stops.
///
/// Its connection is closed when the last copy of the sequence and its iterators is released. Iterate in one loop
/// only: two loops would share the notifications.
public struct DatabaseNotifications: AsyncSequence, Sendable {
    /// An element of the sequence.
    public enum Element: Sendable, Hashable {
        /// A notification.
        case notification(DatabaseNotification)
        /// A gap: notifications may have been missed, because the connection was lost or the loop was too slow. Read
        /// the state that they are about again.
        case missed
    }

    private let subscription: NotificationSubscription

    init(_ subscription: NotificationSubscription) {
        self.subscription = subscription
    }

    /// The number of notifications that were dropped because the loop was too slow.
    public var droppedCount: Int { subscription.queue.droppedCount }

    /// Creates an iterator.
    public func makeAsyncIterator() -> Iterator { Iterator(subscription: subscription) }

    /// An iterator over notifications.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let subscription: NotificationSubscription

        /// Waits for the next element. Returns nil when the database stops or the task is cancelled.
        public mutating func next() async -> Element? { await subscription.queue.next() }
    }
}
