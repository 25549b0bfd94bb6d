internal import StraitDatabase
internal import StraitModels

/// Looks up the names of constraints and indexes in a database.
struct ConstraintFinder {
    let database: Database

    /// Returns the statements that remove the matches of a search.
    ///
    /// - Throws: ``MigrationError`` if a required constraint does not exist or is not the only one.
    func statements(removing search: ConstraintSearch) async throws -> [String] {
        var matches = try await matches(search).filter { !search.excluded.contains($0.name) }
        if let usual = search.usualName, matches.contains(where: { $0.name == usual }) {
            matches = matches.filter { $0.name == usual }
        }
        // An index of the application stays, if there is one of migrations.
        let isOwn = { (match: Match) in InspectedTable.isAutomatic(match.name) || match.name.hasSuffix("_like") }
        if search.kind == .index, matches.contains(where: isOwn) { matches = matches.filter(isOwn) }
        if search.isRequired, matches.count != 1 {
            throw MigrationError(
                "The table \(search.table) has \(matches.count) unique constraints of the columns "
                    + "\(search.columns?.joined(separator: ", ") ?? ""), instead of one. Remove them with runSQL.")
        }
        return matches.flatMap { search.removal(of: $0.name, isDeferrable: $0.isDeferrable, in: database.engine) }
    }

    private struct Match {
        let name: String
        /// The columns, joined by a character that no name has.
        let columns: String
        let isDeferrable: Bool
    }

    private func matches(_ search: ConstraintSearch) async throws -> [Match] {
        let columns = search.columns?.joined(separator: "\u{1F}")
        return try await database.query(query(search)) { row throws(DatabaseError) in
            Match(
                name: try row.text(0), columns: row.isNull(1) ? "" : try row.text(1),
                isDeferrable: try row.integer(2) == 1)
        }.filter { columns == nil || $0.columns == columns }
    }

    private func query(_ search: ConstraintSearch) -> SQL {
        if database.engine == .sqlite {
            return """
                SELECT name, (SELECT group_concat(name, char(31)) FROM (
                    SELECT name FROM pragma_index_info(list.name) ORDER BY seqno)), 0
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
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number)::text, 0
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
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number)::text, c.condeferrable::int
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
