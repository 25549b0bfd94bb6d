import PostgresServers
import Strait
import StraitTesting
import TestFolders
import Testing

/// A site with the apps whose tables Django also has.
private struct TablesSite: Strait.Site {
    var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp()] }
    var middleware: MiddlewareList { .accounts }
    var routes: [Route] { [] }
}

@Suite struct `Account tables` {
    private static let key = "django-insecure-test-secret-key-0123456789"

    @Test func `the tables in SQLite are Django's`() async throws {
        try await withTemporaryFolder { folder in
            let django = try DjangoAccounts(database: folder + "/db.sqlite3", key: Self.key)
            defer { django.end() }
            try await django.do("migrate")
            let theirs = Database(sqlite: folder + "/db.sqlite3")
            let expected = try await SchemaText.sqlite(theirs)
            await theirs.stop()
            try await TestSite(TablesSite()) { site in
                let found = try await SchemaText.sqlite(try site.services.get(Database.self))
                #expect(expected.count > 50)
                #expect(SchemaText.difference(found, expected) == "")
            }
        }
    }

    @Test func `the tables in PostgreSQL are Django's`() async throws {
        let server = try await PostgresServer.shared
        let name = try await server.makeDatabase()
        func url(_ name: String) -> String {
            "postgres://\(PostgresServer.user)@/\(name)?host=\(server.folder)&port=\(server.port)"
        }
        func dump(_ name: String) async throws -> [String] {
            let place = ["PGHOST": server.folder, "PGPORT": "\(server.port)", "PGUSER": PostgresServer.user]
            return SchemaText.postgres(
                try await Peer.run(
                    "pg_dump", ["-s", "--no-owner", "-T", "django_migrations*", name], environment: place))
        }
        let django = try DjangoAccounts(database: url(name), key: Self.key)
        defer { django.end() }
        try await django.do("migrate")
        let expected = try await dump(name)
        try await TestSite(TablesSite(), settings: { $0.databaseURL = url("postgres") }) { site in
            let own = try await site.services.get(Database.self).query("SELECT current_database()") {
                row throws(DatabaseError) in try row.text(0)
            }
            let found = try await dump(try #require(own.first))
            #expect(expected.count > 100)
            #expect(SchemaText.difference(found, expected) == "")
        }
    }
}
