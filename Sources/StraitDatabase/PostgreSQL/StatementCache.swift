internal import StraitText

/// The text of a statement and the types of its parameters, on which the prepared statement depends.
struct StatementKey: Hashable {
    /// The maximum number of parameters of a statement that is prepared. Longer ones, such as the insertion of many
    /// rows, differ in their number of rows and are rarely repeated.
    static let parameters = 64

    let text: TextKey
    /// The parameters that are integers, by their bits.
    let integers: UInt64
    /// The parameters that are bytes, by their bits.
    let bytes: UInt64
}

/// The prepared statements of a connection, by their text. A statement is prepared at its second use, because many
/// texts, such as those of migrations, are used once.
struct StatementCache: ~Copyable {
    /// The way to run a statement.
    enum Plan: Equatable {
        /// Without a prepared statement.
        case once
        /// With a statement that has to be prepared first.
        case prepares(name: Int)
        /// With a statement that the server has.
        case prepared(name: Int)
    }

    private struct Entry {
        /// The number in the name of the prepared statement, or nil after the first use.
        var name: Int?
        var lastUse: Int
    }

    private let limit: Int
    private var entries: [StatementKey: Entry] = [:]
    private var uses = 0
    private var names = 0
    /// The prepared statements that the server has to drop.
    private(set) var dropped: [Int] = []

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { entries.count }

    /// Returns the way to run the statement, and notes the use.
    mutating func use(_ key: StatementKey) -> Plan {
        uses += 1
        guard let index = entries.index(forKey: key) else {
            guard limit > 0 else { return .once }
            if entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                drop(oldest.key)
            }
            entries[key] = Entry(name: nil, lastUse: uses)
            return .once
        }
        entries.values[index].lastUse = uses
        if let name = entries.values[index].name { return .prepared(name: name) }
        names += 1
        entries.values[index].name = names
        return .prepares(name: names)
    }

    /// Forgets the statement, if it still has this name.
    ///
    /// - Parameter isOnServer: Whether the server has the prepared statement, which it then has to drop.
    mutating func forget(_ key: StatementKey, name: Int, isOnServer: Bool) {
        guard entries[key]?.name == name else { return }
        if isOnServer { drop(key) } else { entries[key] = nil }
    }

    private mutating func drop(_ key: StatementKey) {
        if let name = entries.removeValue(forKey: key)?.name { dropped.append(name) }
    }

    /// Returns the prepared statements to drop, and removes them from ``dropped``.
    mutating func takeDropped() -> [Int] {
        defer { dropped = [] }
        return dropped
    }

    /// Adds a prepared statement that the server could not drop.
    mutating func dropLater(_ name: Int) { dropped.append(name) }
}
