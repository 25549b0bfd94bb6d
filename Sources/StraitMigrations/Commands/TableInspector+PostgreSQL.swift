internal import StraitDatabase
internal import StraitModels

extension TableInspector {
    /// Reads a table of PostgreSQL.
    func postgres(_ name: String) async throws -> InspectedTable {
        var table = InspectedTable(name)
        let place = SQL.quoted(name)
        table.columns = try await database.query(
            """
            SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull::int,
                (a.attidentity <> '' OR COALESCE(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%')::int,
                pg_get_expr(d.adbin, d.adrelid)
            FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = to_regclass(\(place)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """
        ) { row throws(DatabaseError) in
            let isAutomatic = try row.integer(3) == 1
            return InspectedTable.Column(
                name: try row.text(0), type: try row.text(1), isOptional: try row.integer(2) == 0,
                isAutomatic: isAutomatic, defaultText: isAutomatic || row.isNull(4) ? nil : try row.text(4))
        }
        try await readConstraints(of: &table, place)
        try await readIndexes(of: &table, place)
        return table
    }

    private func readConstraints(of table: inout InspectedTable, _ place: String) async throws {
        let constraints = try await database.query(
            """
            SELECT c.contype::text, (
                SELECT string_agg(a.attname, chr(31) ORDER BY k.place)
                FROM unnest(c.conkey) WITH ORDINALITY AS k(number, place)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number)::text,
                (SELECT relname FROM pg_class WHERE oid = c.confrelid)::text, (
                SELECT string_agg(a.attname, chr(31) ORDER BY k.place)
                FROM unnest(c.confkey) WITH ORDINALITY AS k(number, place)
                JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number)::text,
                c.conname::text, pg_get_expr(c.conbin, c.conrelid), c.condeferrable::int, pg_get_constraintdef(c.oid)
            FROM pg_constraint c WHERE c.conrelid = to_regclass(\(place)) AND c.contype <> 'n' ORDER BY c.oid
            """
        ) { row throws(DatabaseError) in
            (
                kind: try row.text(0), columns: row.isNull(1) ? "" : try row.text(1),
                target: row.isNull(2) ? "" : try row.text(2), targets: row.isNull(3) ? "" : try row.text(3),
                name: try row.text(4), condition: row.isNull(5) ? "" : try row.text(5),
                isDeferrable: try row.integer(6) == 1, text: try row.text(7)
            )
        }
        for constraint in constraints {
            let name = constraint.name
            let columns = constraint.columns.split(separator: "\u{1F}").map(String.init)
            let targets = constraint.targets.split(separator: "\u{1F}").map(String.init)
            switch constraint.kind {
            case "p": for column in columns { table.change(column) { $0.isPrimaryKey = true } }
            case "u" where !constraint.isDeferrable && !constraint.text.contains("NULLS NOT DISTINCT"):
                let isChosen = !InspectedTable.isAutomatic(name, suffix: "_uniq") && !Self.isGenerated(name, "_key")
                table.addUnique(columns, name: isChosen ? name : nil)
            case "f" where columns.count == 1 && targets.count == 1:
                table.change(columns[0]) { $0.target = .init(table: constraint.target, column: targets[0]) }
            case "c":
                let isOwn = Self.isGenerated(name, "_check") && columns.count == 1
                if isOwn, Self.isPositive(constraint.condition, columns[0]) {
                    table.change(columns[0]) { $0.isPositive = true }
                } else {
                    table.constraints.append(ModelConstraint(name: name, .check(constraint.condition)))
                }
            default: table.remarks.append("The constraint \(name) is: \(constraint.text)")
            }
        }
    }

    /// Whether a check only excludes negative numbers.
    private static func isPositive(_ condition: String, _ column: String) -> Bool {
        let tokens = SQLTokens(condition).tokens
        return tokens.count == 5 && tokens[0] == .symbol("(") && tokens[1].identifier == column
            && tokens[2] == .symbol(">=") && tokens[3] == .number("0")
    }

    /// Whether a name ends as those do that PostgreSQL chooses: `_key`, `_key1`.
    private static func isGenerated(_ name: String, _ suffix: String) -> Bool {
        var rest = name[...]
        while let last = rest.last, last.isASCII, last.isNumber { rest.removeLast() }
        return rest.hasSuffix(suffix)
    }

    private func readIndexes(of table: inout InspectedTable, _ place: String) async throws {
        let indexes = try await database.query(
            """
            SELECT c.relname::text, i.indisunique::int, pg_get_expr(i.indpred, i.indrelid), (
                SELECT string_agg(
                    COALESCE(a.attname, '') || chr(30) || i.indoption[k.place - 1], chr(31) ORDER BY k.place)
                FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
                LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                WHERE k.place <= i.indnkeyatts)::text,
                (m.amname = 'btree' AND i.indexprs IS NULL AND i.indnkeyatts = i.indnatts AND (
                    SELECT bool_and(o.opcdefault) FROM pg_opclass o WHERE o.oid = ANY (i.indclass::oid[])))::int,
                (c.relname LIKE '%\\_like' AND i.indnatts = 1 AND (
                    SELECT o.opcname LIKE '%pattern_ops' FROM pg_opclass o WHERE o.oid = i.indclass[0]))::int,
                pg_get_indexdef(i.indexrelid)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
            WHERE i.indrelid = to_regclass(\(place)) AND NOT i.indisprimary AND NOT EXISTS (
                SELECT 1 FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.conrelid = i.indrelid
                    AND o.contype IN ('p', 'u', 'x'))
            ORDER BY c.relname
            """
        ) { row throws(DatabaseError) in
            (
                name: try row.text(0), isUnique: try row.integer(1) == 1,
                condition: row.isNull(2) ? nil : try row.text(2), columns: row.isNull(3) ? "" : try row.text(3),
                isPlain: try row.integer(4) == 1, isLike: try row.integer(5) == 1, text: try row.text(6)
            )
        }
        for index in indexes where !index.isLike {
            let parts = index.columns.split(separator: "\u{1F}").map {
                $0.split(separator: "\u{1E}", omittingEmptySubsequences: false)
            }
            // The options of a column are 0, or 3 for the opposite order with empty values first.
            let orders = parts.compactMap { part -> ColumnOrder? in
                guard part.count == 2, part[1] == "0" || part[1] == "3" else { return nil }
                return ColumnOrder(String(part[0]), isDescending: part[1] == "3")
            }
            guard index.isPlain, orders.count == parts.count, !index.text.contains("NULLS NOT DISTINCT") else {
                table.remarks.append("The index \(index.name) is: \(index.text)")
                continue
            }
            if index.isUnique {
                table.addUnique(orders.map(\.column), name: index.name, condition: index.condition)
            } else {
                table.addIndex(ModelIndex(name: index.name, columns: orders, condition: index.condition))
            }
        }
    }
}
