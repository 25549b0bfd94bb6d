internal import StraitDatabase
internal import StraitModels

/// Looks up the names of constraints and indexes in a database.
struct ConstraintFinder {
    let database: Database

    /// Returns the statements that remove the matches of a search.
    ///
    /// - Throws: ``MigrationError`` if a required constraint does not exist or is not the only one.
    func statements(removing search: ConstraintSearch) async throws -> [String] {
        var names = try await matches(search).filter { !search.excluded.contains($0) }
        if let usual = search.usualName, names.contains(usual) { names = [usual] }
        if search.isRequired, names.count != 1 {
            throw MigrationError(
                "The table \(search.table) has \(names.count) unique constraints of the columns "
                    + "\(search.columns?.joined(separator: ", ") ?? ""), instead of one. Remove them with runSQL.")
        }
        return names.flatMap { search.removal(of: $0, in: database.engine) }
    }

    private func matches(_ search: ConstraintSearch) async throws -> [String] {
        let columns = search.columns
        let candidates = try await database.query(query(search)) { row throws(DatabaseError) in
            (name: try row.text(0), columns: row.isNull(1) ? "" : try row.text(1))
        }
        // Column names with commas would be ambiguous, so the query joins them with a character that no name has.
        return candidates.filter { columns == nil || $0.columns == columns?.joined(separator: "\u{1F}") }.map(\.name)
    }

    private func query(_ search: ConstraintSearch) -> SQL {
        if database.engine == .sqlite {
            return """
                SELECT name, (SELECT group_concat(name, char(31)) FROM (
                    SELECT name FROM pragma_index_info(list.name) ORDER BY seqno))
                FROM pragma_index_list(\(search.table)) AS list
                WHERE "unique" = 1 AND origin = 'c' AND partial = 0
                """
        }
        let table = SQL.quoted(search.table)
        if search.kind == .index {
            return """
                SELECT c.relname::text, (
                    SELECT string_agg(a.attname, chr(31) ORDER BY k.place)
                    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number)::text
                FROM pg_index i
                JOIN pg_class c ON c.oid = i.indexrelid
                JOIN pg_am m ON m.oid = c.relam
                WHERE i.indrelid = to_regclass(\(table)) AND NOT i.indisunique AND i.indpred IS NULL
                    AND i.indexprs IS NULL AND m.amname = 'btree'
                ORDER BY c.relname
                """
        }
        return """
            SELECT c.conname::text, (
                SELECT string_agg(a.attname, chr(31) ORDER BY k.place)
                FROM unnest(c.conkey) WITH ORDINALITY AS k(number, place)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number)::text
            FROM pg_constraint c
            WHERE c.conrelid = to_regclass(\(table)) AND c.contype = \(search.kind.letter)
            ORDER BY c.conname
            """
    }
}

extension ConstraintSearch.Kind {
    /// The letter in PostgreSQL's `pg_constraint.contype`.
    fileprivate var letter: String {
        switch self {
        case .foreignKey: "f"
        case .unique, .index: "u"
        case .check: "c"
        case .primaryKey: "p"
        }
    }
}
