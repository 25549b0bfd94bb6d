package import StraitDatabase

/// The name of a table in statements. PostgreSQL cuts names after 63 bytes, so Django shortens longer ones that follow
/// from the names of apps, models and fields. A name that the application gives stays as it is.
package struct TableName: Sendable {
    private let name: String
    private let short: String

    init(_ name: String, short: String) {
        self.name = name
        self.short = short
    }

    /// Returns the name for an engine.
    package func text(for engine: DatabaseEngine) -> String { engine == .sqlite ? name : short }

    /// Whether the name is the same for all engines.
    var isShort: Bool { name == short }

    /// PostgreSQL's limit.
    package static let limit = 63

    /// Returns a name of at most 63 characters; Django's `truncate_name`. A longer one ends with a hash.
    static func shortened(_ name: String) -> String {
        guard name.utf8.count > limit, name.unicodeScalars.count > limit else { return name }
        return String(String.UnicodeScalarView(name.unicodeScalars.prefix(limit - 4)))
            + NameDigest.of([name], length: 4)
    }
}

extension TableName: Hashable {
    /// Whether the names are the same. The short one follows from the other.
    package static func == (left: TableName, right: TableName) -> Bool { left.name == right.name }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ModelTable {
    /// The name in statements.
    package var storedName: TableName {
        if name.utf8.count <= TableName.limit { return TableName(name, short: name) }
        let isUsual = name == model.tableName
        return TableName(name, short: shortName ?? (isUsual ? TableName.shortened(name) : name))
    }

    /// Returns the name in the statements of an engine.
    package func name(for engine: DatabaseEngine) -> String { storedName.text(for: engine) }
}

extension ModelLink {
    /// The name of the table between both models in statements.
    var storedTable: TableName { TableName(table, short: shortTable ?? table) }
}
