internal import Synchronization

/// The number of times that each statement runs during one request. A statement that runs many times with different
/// values is probably in a loop that one query could replace.
package final class StatementWatch: Sendable {
    /// The number of runs at which a statement is reported.
    package static let limit = 10
    /// The maximum number of different statements that are counted.
    private static let statements = 200

    private let counts = Mutex<[String: Int]>([:])
    private let report: @Sendable (String) -> Void

    /// Creates a watch. `report` gets a statement's text, once, when it has run ``limit`` times.
    package init(report: @escaping @Sendable (String) -> Void) { self.report = report }

    /// Counts a statement.
    func note(_ sql: SQL) {
        let text = sql.text
        let isDue = counts.withLock { counts in
            guard counts.count < Self.statements || counts[text] != nil else { return false }
            counts[text, default: 0] += 1
            return counts[text] == Self.limit
        }
        if isDue { report(text) }
    }
}
