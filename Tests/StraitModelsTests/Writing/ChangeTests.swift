import Foundation
import StraitCore
import StraitDatabase
import StraitModels
import Testing

@Model(app: "changes") struct Keyword {
    @MaxLength(30) @Unique var name: String
}

@Model(app: "changes") struct Link {
    @ForeignKey(onDelete: .cascade) var page: WebPage.ID?
    @ForeignKey(onDelete: .cascade) var keyword: Keyword.ID
}

@Model(app: "changes") struct WebPage {
    @MaxLength(30) @Unique var title: String
    var length: Int = 0
    @ForeignKey(onDelete: .setNull) var main: Keyword.ID?
    @ManyToMany var keywords: Links<Keyword>
    @ManyToMany(through: Link.self) var linked: Links<Keyword>
    @AutoNow var at: PlainTime
}

@Model(app: "changes") struct Broken {
    @ManyToMany(through: Keyword.self) var keywords: Links<Keyword>
}

@Model(app: "changes") struct Unset {
    @ForeignKey(onDelete: .setDefault) var main: Keyword.ID
    @ForeignKey(onDelete: .setDefault) @DatabaseDefault(1) var other: Keyword.ID
}

/// Statements that change rows, and the mistakes that they refuse.
@Suite struct Changes {
    private func withPages(_ body: (Database) async throws -> Void) async throws {
        try await onBothEngines([Keyword.self, WebPage.self, Link.self]) { database in
            let keyword = try await database.create(Keyword.Draft(name: "sea"))
            _ = try await database.create(all: [
                WebPage.Draft(title: "a", length: 1, main: keyword.id), WebPage.Draft(title: "b", length: 1),
                WebPage.Draft(title: "c", length: 2),
            ])
            try await body(database)
        }
    }

    @Test func `rows that are distinct in some columns are not changed or deleted with others`() async throws {
        try await withPages { database in
            let first = WebPage.objects.order { [$0.length.ascending] }.distinct { [$0.length] }
            await #expect(throws: QueryError.distinct("delete")) { try await first.delete(in: database) }
            let error = await #expect(throws: QueryError.self) {
                try await first.update(in: database) { [$0.length.set(to: 9)] }
            }
            #expect(
                error?.description
                    == "update cannot follow distinct(on:). Call it on a query for the IDs: "
                    + "`filter { $0.id.isIn(query.select { $0.id }) }`.")
            let count = try await WebPage.objects.count(in: database)
            #expect(count == 3)
        }
    }

    @Test func `an update cannot read another model over a foreign key, but with a subquery`() async throws {
        try await withPages { database in
            let pages = WebPage.objects.filter { $0.title == "a" }
            let error = await #expect(throws: QueryError.self) {
                try await pages.update(in: database) { [$0.title.set(to: $0.main.name)] }
            }
            #expect(
                error?.description
                    == "An update cannot read a column of another model over a foreign key. Use Subquery.value with a "
                    + "query for that model.")
            let changed = try await pages.updateReturning(in: database) { page in
                [
                    page.title.set(
                        to: Subquery.value(Keyword.objects.filter { $0.id == page.main }.select { $0.name }))
                ]
            }
            #expect(changed.map(\.title) == ["sea"])
        }
    }

    @Test func `a column of another model is refused by all methods with a list of columns`() async throws {
        try await withPages { database in
            let page = try #require(try await WebPage.objects.first(in: database))
            await #expect(throws: QueryError.foreignColumn("name")) {
                try await database.save(page) { [$0.title, $0.main.name] }
            }
            await #expect(throws: QueryError.foreignColumn("name")) {
                try await database.save(all: [page]) { [$0.main.name] }
            }
            await #expect(throws: QueryError.foreignColumn("name")) {
                _ = try await database.create(
                    all: [WebPage.Draft(title: "a")],
                    onConflict: .update({ [$0.length, $0.main.name] }, unique: { [$0.title] }))
            }
            await #expect(throws: QueryError.foreignColumn("of a calculation")) {
                _ = try await database.create(
                    all: [WebPage.Draft(title: "a")],
                    onConflict: .update({ [$0.length] }, unique: { [$0.title.lowercased] }))
            }
        }
    }

    @Test func `a link that is added twice at once exists once`() async throws {
        try await withPages { database in
            let page = try #require(try await WebPage.objects.first(in: database))
            let keyword = try #require(try await Keyword.objects.first(in: database))
            for links in [page.keywords, page.linked] {
                try await links.add([keyword.id, keyword.id], in: database)
                try await links.add([keyword.id], in: database)
            }
            let own = try await database.query("SELECT COUNT(*) FROM changes_webpage_keywords") {
                row throws(DatabaseError) in try row.integer(0)
            }
            let linked = try await Link.objects.count(in: database)
            #expect(own == [1] && linked == 1)
        }
    }

    @Test func `rows without a link are found, also if a link has no row`() async throws {
        try await withPages { database in
            let pages = try await WebPage.objects.order { [$0.title.ascending] }.all(in: database)
            let keyword = try await Keyword.objects.get(in: database)
            try await pages[0].linked.add([keyword.id], in: database)
            _ = try await database.create(Link.Draft(keyword: keyword.id))
            let others = try await WebPage.objects.exclude { $0.linked.contains(keyword.id) }.count(in: database)
            let unnamed = try await WebPage.objects.exclude { $0.linked.contains { $0.name == "sea" } }
                .count(in: database)
            #expect(others == 2 && unnamed == 2)
        }
    }

    @Test func `more rows are linked than a statement has parameters`() async throws {
        try await withPages { database in
            let page = try #require(try await WebPage.objects.first(in: database))
            let new = try await database.create(all: (0..<40_000).map { Keyword.Draft(name: "\($0)") })
            try await page.keywords.set(new.map(\.id), in: database)
            let count = try await page.keywords.objects.count(in: database)
            try await page.keywords.remove(new.dropFirst().map(\.id), in: database)
            let rest = try await page.keywords.objects.count(in: database)
            #expect(count == 40_000 && rest == 1)
        }
    }

    @Test func `a time of day that is set automatically has microseconds`() async throws {
        let database = Database(sqlite: ":memory:", now: { Date(timeIntervalSince1970: 45_045.5) })
        try await database.execute("CREATE TABLE changes_webpage (id INTEGER PRIMARY KEY, title, length, main_id, at)")
        let page = try await database.create(WebPage.Draft(title: "a"))
        #expect(page.at.description == "12:30:45.500000")
        await database.stop()
    }

    @Test func `a foreign key that gets its default has one`() {
        #expect(
            Unset.table.mistakes == [
                "changes.Unset: The foreign key `main` with .setDefault has no default. Write @DatabaseDefault "
                    + "with the ID of a row before it, or use another rule."
            ])
    }

    @Test func `a model between two others has a foreign key to both`() {
        #expect(
            Broken.table.mistakes == [
                "changes.Broken: The model Keyword between both sides of `keywords` needs a foreign key to Broken and "
                    + "another one to Keyword."
            ])
        #expect(WebPage.table.mistakes.isEmpty)
    }
}
