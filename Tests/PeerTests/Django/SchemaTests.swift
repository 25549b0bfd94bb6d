import Foundation
import PostgresServers
import StraitDatabase
import StraitMigrations
import TestFolders
import Testing

@Suite struct DjangoSchemas {
    /// The descriptions of all tables and indexes of an SQLite file.
    private func schema(_ database: Database) async throws -> [String] {
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

    @Test func `each change gives the same tables in SQLite as Django's`() async throws {
        try await withTemporaryFolder { folder in
            try await Peer.run(
                Checkout.python, ["-B", Checkout.peer("django/schema.py"), "sqlite", folder + "/django", folder])
            let ours = Database(sqlite: folder + "/ours")
            let graph = try MigrationGraph(ZooMigrations.nodes)
            let migrator = Migrator(ours, graph)
            func compare(_ step: String) async throws {
                let django = Database(sqlite: folder + "/" + step)
                let (expected, found) = (try await schema(django), try await schema(ours))
                await django.stop()
                #expect(!expected.isEmpty)
                let difference = found.difference(from: expected).map { change in
                    switch change {
                    case .insert(_, let line, _): "+ " + line
                    case .remove(_, let line, _): "- " + line
                    }
                }
                #expect(difference.joined(separator: "\n") == "", "\(step):\n\(difference.joined(separator: "\n"))")
            }
            for name in graph.order {
                try await migrator.run(migrator.plan(.migration(name)))
                try await compare(String(name.name.suffix(2)))
            }
            for name in graph.order.reversed() {
                let target = graph.nodes[name]?.dependencies.first
                try await migrator.run(migrator.plan(target.map { .migration($0) } ?? .zero("zoo")))
                if name != graph.order.first { try await compare("back-" + name.name.suffix(2)) }
            }
            await ours.stop()
        }
    }

    /// The lines of a dump of PostgreSQL, without comments and the table of applied migrations.
    private func lines(_ dump: String) -> [String] {
        dump.split(separator: "\n").map(String.init).filter {
            !$0.hasPrefix("--") && !$0.hasPrefix("\\") && !$0.hasPrefix("SET ") && !$0.hasPrefix("SELECT ")
        }
    }

    @Test func `each change gives the same tables in PostgreSQL as Django's`() async throws {
        try await withTemporaryFolder { folder in
            let server = try await PostgresServer.shared
            let place = ["PGHOST": server.folder, "PGPORT": "\(server.port)", "PGUSER": PostgresServer.user]
            let (django, name) = (try await server.makeDatabase(), try await server.makeDatabase())
            try await Peer.run(
                Checkout.python, ["-B", Checkout.peer("django/schema.py"), "postgresql", django, folder],
                environment: place)
            let ours = try Database(
                url: "postgres://\(PostgresServer.user)@/\(name)?host=\(server.folder)&port=\(server.port)")
            let graph = try MigrationGraph(ZooMigrations.nodes)
            let migrator = Migrator(ours, graph)
            func compare(_ step: String) async throws {
                let expected = lines(try String(contentsOfFile: folder + "/" + step, encoding: .utf8))
                let found = lines(
                    try await Peer.run(
                        "pg_dump", ["-s", "--no-owner", "-T", "django_migrations*", name], environment: place))
                #expect(!expected.isEmpty)
                let difference = found.difference(from: expected).map { change in
                    switch change {
                    case .insert(_, let line, _): "+ " + line
                    case .remove(_, let line, _): "- " + line
                    }
                }
                #expect(difference.joined(separator: "\n") == "", "\(step):\n\(difference.joined(separator: "\n"))")
            }
            for name in graph.order {
                try await migrator.run(migrator.plan(.migration(name)))
                try await compare(String(name.name.suffix(2)))
            }
            for name in graph.order.reversed() {
                let target = graph.nodes[name]?.dependencies.first
                try await migrator.run(migrator.plan(target.map { .migration($0) } ?? .zero("zoo")))
                if name != graph.order.first { try await compare("back-" + name.name.suffix(2)) }
            }
            await ours.stop()
        }
    }
}
