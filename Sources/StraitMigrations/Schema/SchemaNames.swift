internal import StraitDatabase
internal import StraitModels

/// The names that Django gives to tables, indexes and constraints.
struct SchemaNames {
    let engine: DatabaseEngine

    /// The maximum length of a name in characters, or nil if there is none.
    var limit: Int? { engine == .postgreSQL ? 63 : nil }

    /// Returns the name of a table as the engine stores it. A name that is too long ends with a hash.
    func table(_ name: String) -> String {
        guard let limit, name.count > limit else { return name }
        return name.prefix(limit - 4) + NameDigest.of([name], length: 4)
    }

    /// Returns the name of an index or constraint: the table, the columns, a hash and a suffix. Parts of a name that is
    /// too long are left out.
    func index(_ table: String, _ columns: [String], suffix: String = "") -> String {
        let limit = limit ?? 200
        var end = NameDigest.of([table] + columns, length: 8) + suffix
        let list = columns.joined(separator: "_")
        let whole = "\(table)_\(list)_\(end)"
        if whole.count <= limit { return whole }
        if end.count * 3 > limit { end = String(end.prefix(limit / 3)) }
        let rest = (limit - end.count) / 2 - 1
        let name = "\(table.prefix(rest))_\(list.prefix(rest))_\(end)"
        guard let first = name.utf8.first, first == 0x5F || (0x30...0x39).contains(first) else { return name }
        return "D" + name.dropLast()
    }

    /// Returns the name of the index for `LIKE`, which PostgreSQL needs in most locales.
    func like(_ table: String, _ column: String) -> String { index(table, [column], suffix: "_like") }
}
