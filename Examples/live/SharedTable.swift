import Strait
import Synchronization

/// A table that consumers on several event loops change, and the group of its windows.
///
/// Two consumers may send their changes to the group in the reverse order. So each change gets its number under the
/// lock, and windows use the number, not the order of arrival.
///
/// For the same reason, the group does not use `keepLatest` for slow windows: the last change sent may not be the
/// newest. A slow window is disconnected, reconnects, and receives the whole table.
final class SharedTable: Service {
    let group = Group<LiveEvent>("live", whenBehind: .disconnect)
    private let table = Mutex(Table())

    /// Reads or changes the table under its lock. `body` cannot wait.
    func change<Result: Sendable, Failure>(_ body: (inout Table) throws(Failure) -> Result) throws(Failure) -> Result {
        try table.withLock { (table) throws(Failure) in try body(&table) }
    }
}
