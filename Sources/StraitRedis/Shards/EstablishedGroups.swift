import Synchronization

/// The groups of which this process is a member in Redis; asked from any thread, at each join.
final class EstablishedGroups: Sendable {
    private let names = Mutex<Set<String>>([])
    /// Whether what is sent to the channels of sockets is heard, where that is another matter.
    let hearsChannels = Atomic<Bool>(false)

    func contains(_ group: String) -> Bool { names.withLock { $0.contains(group) } }
    func insert(_ group: String) { names.withLock { _ = $0.insert(group) } }
    func remove(_ group: String) { names.withLock { _ = $0.remove(group) } }
}
