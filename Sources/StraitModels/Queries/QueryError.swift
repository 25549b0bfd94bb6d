/// An error of a query.
public enum QueryError: Error, Hashable, CustomStringConvertible {
    /// The row does not exist; Django's `DoesNotExist`.
    case doesNotExist(String)
    /// More than one row satisfies the conditions; Django's `MultipleObjectsReturned`.
    case multipleObjects(String)
    /// A method was called on a slice, whose rows it would change.
    case sliced(String)
    /// A method was called after ``QuerySet/distinct(on:)``, whose rows it would change.
    case distinct(String)
    /// The engine has no such method.
    case unavailable(String)
    /// An update reads a column of another model.
    case joinedColumn
    /// A method was called on combined queries.
    case combined(String)
    /// A slice begins before the first row.
    case invalidSlice(Int)
    /// A page's cursor belongs to another order.
    case invalidCursor
    /// A column belongs to another query.
    case foreignColumn(String)
    /// A constant of an index or a constraint cannot be stored.
    case invalidValue(String)
    /// A row is still referred to by a foreign key with ``DeleteRule/protect`` or ``DeleteRule/restrict``; Django's
    /// `ProtectedError` and `RestrictedError`.
    case protected(String, by: String)

    /// The problem and its solution.
    public var description: String {
        switch self {
        case .doesNotExist(let model): "The \(model) does not exist. Use first() if that is no error."
        case .multipleObjects(let model): "More than one \(model) satisfies the conditions. Use first() or all()."
        case .sliced(let method): "\(method) cannot follow a slice. Call \(method) first, and then take the slice."
        case .distinct(let method):
            "\(method) cannot follow distinct(on:). Call it on a query for the IDs: "
                + "`filter { $0.id.isIn(query.select { $0.id }) }`."
        case .unavailable(let method): "SQLite has no \(method). Use PostgreSQL, or a condition with a subquery."
        case .joinedColumn:
            "An update cannot read a column of another model over a foreign key. Use Subquery.value with a query for "
                + "that model."
        case .combined(let method):
            "\(method) cannot follow union, intersection or difference. Call \(method) on each query first."
        case .invalidSlice(let start): "A slice cannot begin at \(start). Begin at 0 or later."
        case .invalidCursor:
            "The cursor belongs to a page with another order. Use the cursor of a page of the same query, or begin "
                + "with the first page."
        case .foreignColumn(let name):
            "The column \(name) belongs to another query. Use the columns that are passed to the closure, or those "
                + "of an enclosing query."
        case .invalidValue(let problem): problem
        case .protected(let model, let other):
            "The \(model) cannot be deleted, because a row of \(other) refers to it. Delete that row first."
        }
    }
}
