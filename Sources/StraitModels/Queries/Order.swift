import StraitDatabase

/// The order of a query by one expression.
public struct Order: Sendable, ColumnSort {
    /// The place of empty columns in an order.
    public enum Nulls: Sendable, Hashable {
        /// Before all values; Django's `nulls_first`.
        case first
        /// After all values; Django's `nulls_last`.
        case last
    }

    let node: ExpressionNode
    let isDescending: Bool
    let nulls: Nulls?

    init(node: ExpressionNode, isDescending: Bool, nulls: Nulls? = nil) {
        self.node = node
        self.isDescending = isDescending
        self.nulls = nulls
    }

    /// This order.
    public var order: Order { self }

    /// A random order; Django's `?`. It is slow for many rows.
    public static var random: Order { Order(node: .calculation("RANDOM()"), isDescending: false) }

    /// The opposite order.
    var reversed: Order {
        Order(node: node, isDescending: !isDescending, nulls: nulls.map { $0 == .first ? .last : .first })
    }

    func writeDirection(to sql: inout SQL) {
        if isDescending { sql.append(" DESC") }
        if let nulls { sql.append(nulls == .first ? " NULLS FIRST" : " NULLS LAST") }
    }
}

/// A column, or an order by a column: an entry of an index.
public protocol ColumnSort: Sendable {
    /// The order. Without a direction, the smallest value comes first.
    var order: Order { get }
}

extension Expression {
    /// The smallest value first.
    public var order: Order { ascending }
    /// The smallest value first.
    public var ascending: Order { Order(node: node, isDescending: false) }
    /// The greatest value first. Django's `-name`.
    public var descending: Order { Order(node: node, isDescending: true) }

    /// The smallest value first, with empty columns at an end. Without this, they come first in SQLite and last in
    /// PostgreSQL.
    public func ascending(nulls: Order.Nulls) -> Order { Order(node: node, isDescending: false, nulls: nulls) }
    /// The greatest value first, with empty columns at an end.
    public func descending(nulls: Order.Nulls) -> Order { Order(node: node, isDescending: true, nulls: nulls) }
}
