import StraitCore
import StraitDatabase
import StraitTesting
import Testing

@Suite struct `Database URLs` {
    private func server(_ url: String) throws -> PostgresConfiguration? {
        if case .postgreSQL(let configuration) = try DatabaseURL(url) { configuration } else { nil }
    }

    @Test func `all parts of a URL are read`() throws {
        var expected = PostgresConfiguration(
            host: .tcp("db.example.com"), port: 6543, user: "me", password: "p@ss:/?#", database: "my site")
        expected.tls = "verify-full"
        expected.connectTimeout = .seconds(3)
        expected.parameters = ["application_name": "a b"]
        #expect(
            try server(
                """
                postgres://me:p%40ss%3A%2F%3F%23@db.example.com:6543/my%20site?sslmode=verify-full&connect_timeout=3&\
                application_name=a%20b
                """) == expected)
        #expect(
            try server("postgresql://localhost/a") == PostgresConfiguration(host: .tcp("localhost"), database: "a"))
        #expect(try server("postgres://[::1]:1/a") == PostgresConfiguration(host: .tcp("::1"), port: 1, database: "a"))
        let socket = PostgresConfiguration(host: .socket("/var/run/pg"), port: 7, user: "u", database: "a")
        #expect(try server("postgres://u@/a?host=/var/run/pg&port=7") == socket)
        #expect(try server("postgres://u@%2Fvar%2Frun%2Fpg:7/a") == socket)
    }

    @Test(arguments: [
        ("sqlite:///site.db", "site.db"), ("sqlite:////data/my%20site.db", "/data/my site.db"),
        ("sqlite::memory:", ":memory:"), ("sqlite://:memory:", ":memory:"),
    ])
    func `an SQLite URL has a path`(url: String, path: String) throws {
        #expect(try DatabaseURL(url) == .sqlite(path: path))
    }

    @Test(arguments: [
        ("", "has no scheme. Write postgres://user:password@host:5432/name"),
        ("mysql://secret@host/a", "The scheme 'mysql' of the database's URL is not known."),
        ("postgres:secret", "needs two slashes after the scheme"),
        ("postgres:///a", "has no host. Write postgres://user:password@host/name"),
        ("postgres://host", "has no database name. Write it after the host"),
        ("postgres://host/", "has no database name. Write it after the host"),
        ("postgres://host/a/b", "The database name in the URL contains a slash."),
        ("postgres://u:secret/x@host/a", "has a character '/', '?' or '#' before the host"),
        ("postgres://u:secret#x@host/a", "has a character '/', '?' or '#' before the host"),
        ("postgres://u:secret@x@host:y/a", "is not a number from 1 to 65535"),
        ("postgres://host:0/a", "is not a number from 1 to 65535"),
        ("postgres://host:65536/a", "is not a number from 1 to 65535"),
        ("postgres://u:secret@host:secret/a", "is not a number from 1 to 65535"),
        ("postgres://::1/a", "is not a number from 1 to 65535"),
        ("postgres://[::1/a", "Write an IPv6 address in brackets"),
        ("postgres://u:secret%zz@host/a", "The password of the database's URL has an invalid percent escape."),
        ("postgres://h/a?sslmode=on", "Write one of disable, allow, prefer, require, verify-ca, verify-full."),
        ("postgres://h/a?ssl=1", "The parameter 'ssl' of the database's URL is not known. Write one of host, port"),
        ("postgres://h/a?connect_timeout=0", "Write a number of seconds from 1 to 3600."),
        ("postgres://h/a?sslmode", "has no value. Write ?sslmode=require."),
        ("sqlite:site.db", "needs slashes. Write sqlite:///file.db"),
        ("sqlite://site.db", "must not have a host. Write three slashes for a relative path"),
        ("sqlite:///", "has no path. Write sqlite:///file.db"),
        ("sqlite:///a.db?x=1", "must not have parameters. Remove '?' or '#'"),
    ])
    func `a mistake gets an error that says what to write, without the password`(url: String, text: String) throws {
        let error = #expect(throws: DatabaseURLError.self) { try DatabaseURL(url) }
        #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("secret") == false)
    }

    @Test(arguments: Seeds(200))
    func `any text is a database or an error (fuzz)`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let parts = [
            "postgres:", "sqlite:", "//", "/", "@", ":", "?", "&", "=", "%", "%2", "[", "]", "#", "é", "\0", "a",
        ]
        for _ in 0..<50 {
            let count = Int.random(in: 0..<12, using: &generator)
            let url = (0..<count).compactMap { _ in parts.randomElement(using: &generator) }.joined()
            let error = Result { () throws(DatabaseURLError) in try DatabaseURL(url) }
            if case .failure(let error) = error { #expect(!error.description.isEmpty) }
        }
    }

    @Test func `a database is created from a URL`() async throws {
        let database = try Database(url: "sqlite::memory:")
        #expect(try await database.numbers("SELECT 1") == [1])
        await database.stop()
        #expect(try Database(url: "postgres://localhost/a").engine == .postgreSQL)
    }
}
