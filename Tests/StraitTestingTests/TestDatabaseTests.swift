import Foundation
import PostgresServers
import Strait
import StraitDatabase
import StraitModels
import StraitTesting
import Synchronization
import Testing

@Model(app: "diary") struct Entry {
    @MaxLength(50) @Unique var text: String
}

private struct Diary: Site {
    var models: [any Model.Type] { [Entry.self] }

    var routes: [Route] {
        path("add/<str:text>/") { request in
            let database = try request.database
            let entry = try await database.create(Entry.Draft(text: request.urlRoute["text"]))
            return .text("\(entry.id)")
        }
        path("loop/<int:count>/") { request in
            let database = try request.database
            for number in 0..<(try request.urlRoute["count"] as Int) {
                _ = try await Entry.objects.filter { $0.text == "\(number)" }.exists(in: database)
            }
            return .text("done")
        }
    }
}

@Suite struct `Databases of tests` {
    private func texts(_ database: Database) async throws -> [String] {
        try await Entry.objects.order { [$0.id.ascending] }.select { $0.text }.all(in: database)
    }

    private func serverURL() async throws -> String {
        let server = try await PostgresServer.shared
        return server.url(try await server.makeDatabase())
    }

    @Test func `each site of a test has a database of its own, with all tables`() async throws {
        for _ in 0..<2 {
            try await TestSite(Diary()) { site in
                let page = try await site.client.get("/add/first/")
                #expect(page.text == "1")
                let found = try await texts(try site.database)
                #expect(found == ["first"])
            }
        }
    }

    @Test func `a site of a test has a new database on a PostgreSQL server`() async throws {
        let url = try await serverURL()
        var names: [String] = []
        for _ in 0..<2 {
            try await TestSite(Diary(), settings: { $0.databaseURL = url }) { site in
                let page = try await site.client.get("/add/first/")
                #expect(page.text == "1")
                let used = try await site.database.query("SELECT current_database()") { row throws(DatabaseError) in
                    try row.text(0)
                }
                names += used
            }
        }
        #expect(Set(names).count == 2 && names.allSatisfy { $0.hasPrefix("strait_test_") })
        let server = try Database(url: url)
        let left = try await server.query("SELECT 1 FROM pg_database WHERE datname IN (\(list: names))") { _ in 1 }
        #expect(left.isEmpty)
        await server.stop()
    }

    @Test func `a loop that sends a query each is named in the log, with DEBUG`() async throws {
        for (isDebug, count, warnings) in [(true, 9, 0), (true, 25, 1), (false, 25, 0)] {
            let lines = Mutex<[String]>([])
            let log = Log(level: .warning) { record in lines.withLock { $0.append("\(record.message)") } }
            try await TestSite(Diary(), settings: { $0.debug = isDebug }, log: log) { site in
                _ = try await site.client.get("/loop/\(count)/")
            }
            let found = lines.withLock { $0 }.filter {
                $0.hasPrefix("query in a loop path=/loop/\(count)/ runs=10 sql=")
            }
            #expect(found.count == warnings)
        }
    }

    @Test func `the file of a test is removed, also if the test fails`() async throws {
        struct Failure: Error {}
        var url = ""
        await #expect(throws: Failure.self) {
            try await TestSite(Diary()) { site in
                url = site.settings.databaseURL ?? ""
                throw Failure()
            }
        }
        let path = try #require(url.split(separator: "sqlite:///").first.map(String.init))
        #expect(path.hasPrefix("/") && !FileManager.default.fileExists(atPath: path))
    }

    @Test func `a test without a site has a database with the tables of its models`() async throws {
        for url in [nil, try await serverURL()] {
            try await TestDatabase.run(with: [Entry.self], on: url) { database in
                _ = try await database.create(Entry.Draft(text: "kept"))
                try await database.rolledBack { database in
                    _ = try await database.create(Entry.Draft(text: "lost"))
                    let inside = try await texts(database)
                    #expect(inside == ["kept", "lost"])
                }
                let after = try await texts(database)
                #expect(after == ["kept"])
            }
        }
    }
}
