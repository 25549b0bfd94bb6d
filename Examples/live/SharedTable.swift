import Strait
import Synchronization

/// A table that consumers on several event loops change, and the group of those who watch it.
///
/// Two of them may change it one after the other and tell the group in the other order. So a change's number is given
/// under the lock, and whoever is told goes by the number, not by the order. For the same reason the group does not keep
/// only the latest change of a cell for a window that is behind: the one that was told last may not be the last one. Such
/// a window is disconnected, comes back, and is told the whole table.
final class SharedTable: Service {
    let group = Group<LiveEvent>("live", whenBehind: .disconnect)
    private let table = Mutex(Table())

    /// Changes the table, or looks at it, while nobody else does. Nothing can wait in here.
    func change<Result: Sendable, Failure>(_ body: (inout Table) throws(Failure) -> Result) throws(Failure) -> Result {
        try table.withLock { (table) throws(Failure) in try body(&table) }
    }
}
