internal import Synchronization

/// The number of a message that may be published again after a failure, and that members must receive once. Within a
/// stream and a group, numbers increase. A layer drops a message whose number is not greater than the last one.
package struct OnceNumber: Sendable, Hashable {
    /// The name of the stream, such as the ID of a table with messages.
    package let stream: String
    /// The number, from 1.
    package let number: Int64

    package init(stream: String, number: Int64) {
        self.stream = stream
        self.number = number
    }
}

/// The last number of each stream and group.
final class OnceNumbers: Sendable {
    private struct Key: Hashable {
        let stream: String
        let group: String
    }

    /// The maximum number of groups. Those that are not among the latest half are forgotten, because a message is
    /// published again soon or never.
    private static let limit = 20_000

    private let last = Mutex<[Key: Int64]>([:])

    /// Returns whether the message is new, and notes its number.
    func take(_ once: OnceNumber, group: String) -> Bool {
        last.withLock { last in
            let key = Key(stream: once.stream, group: group)
            guard once.number > last[key] ?? 0 else { return false }
            last[key] = once.number
            if last.count > Self.limit {
                let oldest = last.values.sorted()[last.count / 2]
                last = last.filter { $0.value > oldest }
            }
            return true
        }
    }
}

extension LocalDeliveryLayer {
    /// Sends a message to a group, unless a message with the same number, or a greater one, was sent before.
    package func groupSend(_ group: String, _ message: LayerMessage, once: OnceNumber) async throws {
        try await publish(LayerEvent(message, once: once, expires: deadline), to: group)
    }
}
