import Foundation
import StraitDatabase

/// The description of a database's tables as lines, for comparisons.
enum SchemaText {
    /// The descriptions of all tables and indexes of an SQLite file.
    static func sqlite(_ database: Database) async throws -> [String] {
        var lines: [String] = []
        let objects = try await database.query(
            """
            SELECT type, name, tbl_name FROM sqlite_master
            WHERE name NOT LIKE 'sqlite_%' AND tbl_name <> 'django_migrations' ORDER BY type, name
            """
        ) { row throws(DatabaseError) in (try row.text(0), try row.text(1), try row.text(2)) }
        for (type, name, table) in objects {
            lines.append("\(type) \(name) on \(table)")
            guard type == "table" else { continue }
            let queries: [SQL] = [
                "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info(\(name)) ORDER BY name",
                """
                SELECT "from", "table", "to", on_update, on_delete FROM pragma_foreign_key_list(\(name)) ORDER BY 1
                """,
                """
                SELECT list.name, list."unique", list.origin, list.partial, info.seqno, info.name, info."desc", info.key
                FROM pragma_index_list(\(name)) AS list, pragma_index_xinfo(list.name) AS info
                WHERE list.origin = 'c' ORDER BY list.name, info.seqno
                """,
                """
                SELECT list."unique", list.origin, (
                    SELECT group_concat(name, ',') FROM (
                        SELECT name FROM pragma_index_info(list.name) ORDER BY seqno)) AS columns
                FROM pragma_index_list(\(name)) AS list WHERE list.origin <> 'c' ORDER BY columns
                """,
            ]
            for query in queries {
                lines += try await database.query(query) { row throws(DatabaseError) in
                    "  " + (0..<row.count).map { "\(row[$0])" }.joined(separator: " ")
                }
            }
            // The parts of the definition between commas, in any order, because Django moves altered columns.
            let text = try await database.query("SELECT sql FROM sqlite_master WHERE name = \(name)") {
                row throws(DatabaseError) in try row.text(0)
            }
            let parts = text.joined().split(separator: ", ").map { $0.trimmingCharacters(in: ["(", ")"]) }
            lines += parts.map { "  | " + $0.replacing("CREATE TABLE \"\(name)\" (", with: "") }.sorted()
        }
        return lines
    }

    /// The lines of a dump of PostgreSQL, without comments and the table of applied migrations.
    static func postgres(_ dump: String) -> [String] {
        dump.split(separator: "\n").map(String.init).filter {
            !$0.hasPrefix("--") && !$0.hasPrefix("\\") && !$0.hasPrefix("SET ") && !$0.hasPrefix("SELECT ")
        }
    }

    /// The lines that only one side has, each with a sign.
    static func difference(_ found: [String], _ expected: [String]) -> String {
        found.difference(from: expected).map { change in
            switch change {
            case .insert(_, let line, _): "+ " + line
            case .remove(_, let line, _): "- " + line
            }
        }.joined(separator: "\n")
    }
}
