internal import StraitDatabase

/// Keeps the indexes and triggers of tables of SQLite that migrations did not create, while the tables are replaced.
struct ObjectKeeper {
    private let database: Database
    private var objects: [String: [(description: String, sql: String)]] = [:]

    init(_ database: Database) { self.database = database }

    /// Reads the indexes and triggers of a table.
    ///
    /// - Throws: ``MigrationError`` if the table has columns that migrations did not create: they would be lost.
    mutating func save(_ table: TableObjects) async throws {
        let known = Set(table.columns.map { $0.lowercased() })
        let columns = try await database.query("SELECT name FROM pragma_table_xinfo(\(table.table)) ORDER BY cid") {
            row throws(DatabaseError) in try row.text(0)
        }
        let unknown = columns.filter { !known.contains($0.lowercased()) }
        if !unknown.isEmpty {
            throw MigrationError(
                "The table \(table.table) has columns that no migration created: \(unknown.joined(separator: ", ")). "
                    + "SQLite replaces the table, which would lose them. Add them with addField instead of runSQL, or "
                    + "remove them first.")
        }
        let found = try await database.query(
            """
            SELECT type, name, sql FROM sqlite_master
            WHERE tbl_name = \(table.table) AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY name
            """
        ) { row throws(DatabaseError) in (type: try row.text(0), name: try row.text(1), sql: try row.text(2)) }
        objects[table.table] = found.filter { object in
            guard object.type == "index" else { return true }
            return !table.names.contains(object.name) && !InspectedTable.isAutomatic(object.name)
                && !InspectedTable.isAutomatic(object.name, suffix: "_uniq")
        }.map { ("\($0.type) \($0.name)", $0.sql) }
    }

    /// Returns the statements that create the indexes and triggers again.
    func statements(_ table: TableObjects) -> [String] { (objects[table.table] ?? []).map(\.sql) }

    /// Creates the indexes and triggers again.
    ///
    /// - Throws: ``MigrationError`` if one names a column that the table no longer has.
    func restore(_ table: TableObjects) async throws {
        for object in objects[table.table] ?? [] {
            do { try await database.execute(SQL(trusted: object.sql)) } catch let error as DatabaseError {
                throw MigrationError(
                    "The \(object.description) of the table \(table.table), which no migration created, does not fit "
                        + "the changed table: \(error) Remove it with runSQL first.")
            }
        }
    }
}
