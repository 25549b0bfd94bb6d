import Synchronization

/// The groups that this process is a member of in Redis. Thread-safe, because each join checks it.
final class EstablishedGroups: Sendable {
    private let names = Mutex<Set<String>>([])
    /// Whether the process is subscribed to the channels of its sockets. Used by the publish/subscribe layer only.
    let hearsChannels = Atomic<Bool>(false)

    func contains(_ group: String) -> Bool { names.withLock { $0.contains(group) } }
    func insert(_ group: String) { names.withLock { _ = $0.insert(group) } }
    func remove(_ group: String) { names.withLock { _ = $0.remove(group) } }
}
