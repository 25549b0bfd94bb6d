import Foundation
public import StraitDatabase
import StraitMigrations
public import StraitModels

/// A database for one test, which is removed afterwards.
public final class TestDatabase: Sendable {
    /// The URL of the database.
    public let url: String
    private let removal: @Sendable () async -> Void

    /// Creates an empty database: a file of SQLite, or a new database on the server of a PostgreSQL URL. A URL of
    /// SQLite names the file itself, which is kept.
    ///
    /// - Throws: ``/StraitDatabase/DatabaseError``, such as for a server that cannot be reached;
    ///   ``/StraitDatabase/DatabaseURLError``.
    public init(_ url: String? = nil) async throws {
        let name = "strait_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        guard let url else {
            let path = FileManager.default.temporaryDirectory.appending(path: name + ".sqlite3").path
            self.url = "sqlite:///" + path
            removal = {
                for suffix in ["", "-wal", "-shm", "-outbox"] {
                    try? FileManager.default.removeItem(atPath: path + suffix)
                }
            }
            return
        }
        guard let place = Self.name(in: url) else {
            self.url = url
            removal = {}
            return
        }
        let server = try Database(url: url, connections: 1)
        do {
            try await server.execute("CREATE DATABASE \(identifier: name)")
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        self.url = url.replacingCharacters(in: place, with: name)
        removal = {
            guard let server = try? Database(url: url, connections: 1) else { return }
            // A test that ends with an error may have left connections.
            _ = try? await server.execute("DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)")
            await server.stop()
        }
    }

    /// The place of the database's name in a URL of PostgreSQL, or nil for a URL of SQLite.
    private static func name(in url: String) -> Range<String.Index>? {
        guard let scheme = url.firstRange(of: "://"), url.hasPrefix("postgres") else { return nil }
        guard let slash = url[scheme.upperBound...].firstIndex(of: "/") else { return nil }
        let start = url.index(after: slash)
        return start..<(url[start...].firstIndex(of: "?") ?? url.endIndex)
    }

    /// Removes the database, also if connections are open.
    public func remove() async { await removal() }

    /// Calls `body` with a new database that has the tables of `models`, for tests without a site.
    ///
    /// ```swift
    /// try await TestDatabase.run(with: [Photo.self]) { database in
    ///     let photo = try await database.create(Photo.Draft(caption: "Sea"))
    ///     #expect(photo.caption == "Sea")
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - models: The models, with those that their foreign keys refer to.
    ///   - url: The URL of a PostgreSQL server, or nil for SQLite.
    ///   - body: The test.
    /// - Throws: ``/StraitDatabase/DatabaseError``; the error of `body`.
    public static func run(
        with models: [any Model.Type], on url: String? = nil, _ body: (Database) async throws -> Void
    ) async throws {
        let test = try await TestDatabase(url)
        let registry = ModelRegistry(models)
        let result: Result<Void, any Error>
        do {
            let database = try Database(url: test.url, schema: registry)
            do {
                let graph = try MigrationGraph([MigrationNode]())
                let maker = MigrationMaker(graph, models: registry.tables, questioner: SilentQuestioner())
                let migrator = Migrator(database, try MigrationGraph(maker.changes()))
                try await migrator.run(try await migrator.plan(.all))
                try await body(database)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await database.stop()
        } catch {
            result = .failure(error)
        }
        await test.remove()
        try result.get()
    }
}

extension Database {
    /// Calls `body` in a transaction, and rolls it back; the way of Django's `TestCase`. A database with test data is
    /// the same for the next test.
    ///
    /// - Throws: The error of `body`; ``/StraitDatabase/DatabaseError``.
    public func rolledBack(_ body: (Database) async throws -> Void) async throws {
        do {
            try await atomic { database in
                try await body(database)
                throw RolledBack()
            }
        } catch is RolledBack {}
    }
}

/// The end of a transaction that succeeded and is rolled back.
private struct RolledBack: Error {}
