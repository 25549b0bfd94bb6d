import Foundation
import PostgresServers
import StraitDatabase
import StraitModels
import TestFolders
import Testing

/// Compares the queries of `Documentation/Queries.md` with Django's on the same 10,000 rows.
@Suite struct `Queries beside Django` {
    private struct DjangoResult: Decodable {
        let text: String
        let statements: Int
        let sums: String
    }

    private struct RollBack: Error {}

    @Test func `each query returns the same rows as Django's in SQLite`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/library.db"
            try await Peer.python("django/library.py", "create", path)
            let database = Database(sqlite: path, schema: Library.models)
            try await Library.fill(database)
            try await compare(database, path, folder)
            await database.stop()
        }
    }

    @Test func `each query returns the same rows as Django's in PostgreSQL`() async throws {
        let server = try await PostgresServer.shared
        let url = server.url(try await server.makeDatabase())
        try await withTemporaryFolder { folder in
            try await Peer.python("django/library.py", "create", url)
            let database = try Database(url: url, schema: Library.models)
            try await Library.fill(database)
            try await compare(database, url, folder)
            await database.stop()
        }
    }

    private func compare(_ database: Database, _ name: String, _ folder: String) async throws {
        let file = folder + "/expressions.json"
        let expressions = try QueryGuide.lines().map(\.django)
        try JSONEncoder().encode(expressions).write(to: URL(filePath: file))
        let output = try await Peer.python("django/library.py", "query", name, file)
        let results = try JSONDecoder().decode([DjangoResult].self, from: Data(output.utf8))
        try #require(results.count == QueryRows.all.count)
        for ((expression, query), django) in zip(zip(expressions, QueryRows.all), results) {
            do {
                try await database.atomic { inner in
                    let isSorted = ["order_by", "dates(", "reverse()"].contains { expression.contains($0) }
                    let before = inner.statementCount
                    let result = try await query(inner)
                    #expect(inner.statementCount - before <= django.statements, "\(expression)")
                    let text = QueryText.of(result, isSorted: isSorted)
                    // PostgreSQL's sequences go on after a rollback, so the IDs of new rows differ.
                    let isNew = expression.contains("create") && database.engine == .postgreSQL
                    #expect(
                        isNew ? Self.withoutIDs(text) == Self.withoutIDs(django.text) : text == django.text,
                        "\(expression)")
                    let sums = try await Self.sums(inner)
                    #expect(sums == django.sums, "\(expression)")
                    throw RollBack()
                }
            } catch is RollBack {
            } catch {
                Issue.record(error, "\(expression)")
            }
        }
    }

    private static func withoutIDs(_ text: String) -> String { text.replacing(/#\d+/, with: "#") }

    /// Sums over all tables, which show what a query has changed.
    private static func sums(_ database: Database) async throws -> String {
        let entries = try await Entry.objects.select {
            ($0.id.count, $0.numberOfComments.sum, $0.rating.sum, $0.headline.length.sum)
        }.all(in: database)
        let blogs = try await Blog.objects.select { ($0.id.count, $0.tagline.length.sum) }.all(in: database)
        let authors = try await Author.objects.select { ($0.id.count, $0.mentor.count) }.all(in: database)
        let links = try await database.query("SELECT COUNT(*) FROM library_entry_authors") {
            row throws(DatabaseError) in try row.integer(0)
        }
        return [entries as Any, blogs, authors].map { QueryText.of($0, isSorted: true) }.joined(separator: " ")
            + " \(links[0])"
    }
}
