/// The isolation of a transaction from others that run at the same time, as in SQL's standard.
public enum IsolationLevel: Sendable, Hashable {
    /// Each statement sees the rows that were committed before it; PostgreSQL's default.
    case readCommitted
    /// All statements see the rows that were committed before the first one. A change of a row that another transaction
    /// has changed since then fails with ``DatabaseError/Code/serialization``.
    case repeatableRead
    /// The result is the same as if the transactions ran one after the other. A transaction for which that is not
    /// possible fails with ``DatabaseError/Code/serialization``.
    case serializable
}

/// The options of a transaction.
package struct TransactionOptions: Sendable, Equatable {
    /// The isolation, or nil for the database's default.
    package var isolation: IsolationLevel?
    /// Whether it changes nothing.
    package var isReadOnly: Bool

    package init(isolation: IsolationLevel? = nil, isReadOnly: Bool = false) {
        self.isolation = isolation
        self.isReadOnly = isReadOnly
    }
}
