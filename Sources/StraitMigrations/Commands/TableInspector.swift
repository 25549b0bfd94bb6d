package import StraitDatabase
internal import StraitModels

/// A table as it is in a database.
package struct InspectedTable: Sendable, Hashable {
    /// A column.
    package struct Column: Sendable, Hashable {
        package var name: String
        /// The type as the database names it: `varchar(100)`.
        package var type: String
        package var isOptional = false
        package var isPrimaryKey = false
        package var isUnique = false
        package var isIndexed = false
        /// Whether a check excludes negative numbers.
        package var isPositive = false
        /// Whether a check allows JSON only.
        package var isJSON = false
        /// Whether the database assigns the value.
        package var isAutomatic = false
        /// The table that the column refers to.
        package var target: String?
    }

    package var name: String
    package var columns: [Column] = []
    /// The lists of columns whose values together occur once.
    package var unique: [[String]] = []
    /// The indexes of several columns.
    package var indexes: [[String]] = []
}

/// Reads the tables of a database.
package struct TableInspector: Sendable {
    private let database: Database

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
            .filter { $0 != "django_migrations" }
    }

    /// Returns a table.
    package func table(_ name: String) async throws -> InspectedTable {
        database.engine == .sqlite ? try await sqlite(name) : try await postgres(name)
    }

    // MARK: SQLite

    private func sqlite(_ name: String) async throws -> InspectedTable {
        var table = InspectedTable(name: name)
        table.columns = try await database.query(
            "SELECT name, type, \"notnull\", pk FROM pragma_table_info(\(name)) ORDER BY cid"
        ) { row throws(DatabaseError) in
            let isKey = try row.integer(3) > 0
            return InspectedTable.Column(
                name: try row.text(0), type: try row.text(1).lowercased(),
                isOptional: try row.integer(2) == 0 && !isKey, isPrimaryKey: isKey)
        }
        let text = try await database.query("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = \(name)") {
            row throws(DatabaseError) in try row.text(0)
        }.joined()
        for (index, column) in table.columns.enumerated() {
            let quoted = SQL.quoted(column.name)
            table.columns[index].isPositive = text.contains("CHECK (\(quoted) >= 0)")
            table.columns[index].isJSON = text.contains("JSON_VALID(\(quoted))")
            table.columns[index].isAutomatic = column.isPrimaryKey && column.type == "integer"
        }
        let keys = try await database.query("SELECT \"from\", \"table\" FROM pragma_foreign_key_list(\(name))") {
            row throws(DatabaseError) in (try row.text(0), try row.text(1))
        }
        for (column, target) in keys { table.change(column) { $0.target = target } }
        let indexes = try await database.query(
            """
            SELECT list."unique", list.origin, (
                SELECT group_concat(name, char(31)) FROM (SELECT name FROM pragma_index_info(list.name) ORDER BY seqno))
            FROM pragma_index_list(\(name)) AS list WHERE list.partial = 0 ORDER BY list.seq DESC
            """
        ) { row throws(DatabaseError) in
            (isUnique: try row.integer(0) == 1, origin: try row.text(1), columns: row.isNull(2) ? "" : try row.text(2))
        }
        for index in indexes where index.origin != "pk" { table.add(index.columns, isUnique: index.isUnique) }
        return table
    }

    // MARK: PostgreSQL

    private func postgres(_ name: String) async throws -> InspectedTable {
        var table = InspectedTable(name: name)
        let place = SQL.quoted(name)
        table.columns = try await database.query(
            """
            SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull::int,
                (a.attidentity <> '' OR COALESCE(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%')::int
            FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = to_regclass(\(place)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """
        ) { row throws(DatabaseError) in
            InspectedTable.Column(
                name: try row.text(0), type: try row.text(1), isOptional: try row.integer(2) == 0,
                isAutomatic: try row.integer(3) == 1)
        }
        let constraints = try await database.query(
            """
            SELECT c.contype::text, (
                SELECT string_agg(a.attname, chr(31) ORDER BY k.place)
                FROM unnest(c.conkey) WITH ORDINALITY AS k(number, place)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number)::text,
                (SELECT relname FROM pg_class WHERE oid = c.confrelid)::text, pg_get_constraintdef(c.oid)
            FROM pg_constraint c WHERE c.conrelid = to_regclass(\(place)) ORDER BY c.oid
            """
        ) { row throws(DatabaseError) in
            (
                kind: try row.text(0), columns: row.isNull(1) ? "" : try row.text(1),
                target: row.isNull(2) ? nil : try row.text(2), text: try row.text(3)
            )
        }
        for constraint in constraints {
            switch constraint.kind {
            case "p": table.change(constraint.columns) { $0.isPrimaryKey = true }
            case "u": table.add(constraint.columns, isUnique: true)
            case "f": table.change(constraint.columns) { $0.target = constraint.target }
            case "c" where constraint.text.hasSuffix(" >= 0))"):
                table.change(constraint.columns) { $0.isPositive = true }
            default: break
            }
        }
        let indexes = try await database.query(
            """
            SELECT (
                SELECT string_agg(a.attname, chr(31) ORDER BY k.place)
                FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number)::text
            FROM pg_index i JOIN pg_opclass o ON o.oid = i.indclass[0]
            WHERE i.indrelid = to_regclass(\(place)) AND NOT i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
                AND o.opcname NOT LIKE '%pattern_ops' ORDER BY i.indexrelid
            """
        ) { row throws(DatabaseError) in row.isNull(0) ? "" : try row.text(0) }
        for columns in indexes { table.add(columns, isUnique: false) }
        return table
    }
}

extension InspectedTable {
    fileprivate mutating func change(_ column: String, _ change: (inout Column) -> Void) {
        guard let index = columns.firstIndex(where: { $0.name == column }) else { return }
        change(&columns[index])
    }

    /// Adds an index. Its columns are joined by a character that no name has.
    fileprivate mutating func add(_ list: String, isUnique: Bool) {
        let names = list.split(separator: "\u{1F}").map(String.init)
        if names.count == 1 {
            change(names[0]) { column in
                if isUnique { column.isUnique = true } else { column.isIndexed = true }
            }
        } else if names.count > 1 {
            if isUnique { unique.append(names) } else { indexes.append(names) }
        }
    }
}
