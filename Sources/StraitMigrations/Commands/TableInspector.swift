package import StraitDatabase

/// Reads the tables of a database.
package struct TableInspector: Sendable {
    let database: Database

    package init(_ database: Database) {
        self.database = database
    }

    /// Returns the names of all tables, without those of the engine and of migrations.
    package func names() async throws -> [String] {
        let query: SQL =
            database.engine == .sqlite
            ? """
            SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            ORDER BY name
            """
            : """
            SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p')
                AND relnamespace = current_schema()::regnamespace
            ORDER BY relname
            """
        return try await database.query(query) { row throws(DatabaseError) in try row.text(0) }
            .filter { $0 != "django_migrations" }.sorted()
    }

    /// Returns a table.
    package func table(_ name: String) async throws -> InspectedTable {
        var table = database.engine == .sqlite ? try await sqlite(name) : try await postgres(name)
        table.sort()
        return table
    }

    /// Returns all tables.
    package func tables() async throws -> [InspectedTable] {
        var tables: [InspectedTable] = []
        for name in try await names() { tables.append(try await table(name)) }
        return tables
    }
}
