import Foundation
import PostgresServers
import StraitDatabase
import StraitMigrations
import TestFolders
import Testing

@Suite struct DjangoSchemas {
    @Test func `each change gives the same tables in SQLite as Django's`() async throws {
        try await withTemporaryFolder { folder in
            try await Peer.run(
                Checkout.python, ["-B", Checkout.peer("django/schema.py"), "sqlite", folder + "/django", folder])
            let ours = Database(sqlite: folder + "/ours")
            let graph = try MigrationGraph(ZooMigrations.nodes)
            let migrator = Migrator(ours, graph)
            func compare(_ step: String) async throws {
                let django = Database(sqlite: folder + "/" + step)
                let (expected, found) = (try await SchemaText.sqlite(django), try await SchemaText.sqlite(ours))
                await django.stop()
                #expect(!expected.isEmpty)
                let difference = SchemaText.difference(found, expected)
                #expect(difference == "", "\(step):\n\(difference)")
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
                let expected = SchemaText.postgres(try String(contentsOfFile: folder + "/" + step, encoding: .utf8))
                let found = SchemaText.postgres(
                    try await Peer.run(
                        "pg_dump", ["-s", "--no-owner", "-T", "django_migrations*", name], environment: place))
                #expect(!expected.isEmpty)
                let difference = SchemaText.difference(found, expected)
                #expect(difference == "", "\(step):\n\(difference)")
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
