internal import StraitDatabase
internal import StraitModels

/// The names that Django gives to indexes and constraints. ``TableName`` has those of tables.
struct SchemaNames {
    let engine: DatabaseEngine

    /// The maximum length of a name in characters, or nil if there is none.
    var limit: Int? { engine == .postgreSQL ? TableName.limit : nil }

    /// Returns the name of an index or constraint: the table, the columns, a hash and a suffix. Parts of a name that is
    /// too long are left out.
    func index(_ table: String, _ columns: [String], suffix: String = "") -> String {
        let limit = limit ?? 200
        var end = NameDigest.of([table] + columns, length: 8) + suffix
        let list = columns.joined(separator: "_")
        let whole = "\(table)_\(list)_\(end)"
        // Python counts code points.
        func start(_ text: String, _ count: Int) -> String {
            String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
        }
        if whole.unicodeScalars.count <= limit { return whole }
        if end.unicodeScalars.count * 3 > limit { end = start(end, limit / 3) }
        let rest = (limit - end.unicodeScalars.count) / 2 - 1
        let name = "\(start(table, rest))_\(start(list, rest))_\(end)"
        guard let first = name.utf8.first, first == 0x5F || (0x30...0x39).contains(first) else { return name }
        return "D" + name.dropLast()
    }

    /// Returns the name of the index for `LIKE`, which PostgreSQL needs in most locales.
    func like(_ table: String, _ column: String) -> String { index(table, [column], suffix: "_like") }
}
