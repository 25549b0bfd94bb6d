import Foundation
import PostgresServers
import StraitDatabase
import StraitMigrations
import StraitModels
import Testing

private let label = "a_label_of_an_app_that_is_as_long_as_nobody_would_write_it"

@Model(app: "a_label_of_an_app_that_is_as_long_as_nobody_would_write_it") private struct Tag {
    @MaxLength(20) var name: String
}

@Model(app: "a_label_of_an_app_that_is_as_long_as_nobody_would_write_it") private struct Photograph {
    @MaxLength(20) @Unique var caption: String
    @Slug var slug: String
    @ForeignKey(onDelete: .cascade) var parent: Photograph.ID?
    @ManyToMany var tags: Links<Tag>

    static let options: [ModelOption<Photograph>] = [.uniqueTogether { [$0.caption, $0.slug] }]
}

@Model(
    table: "a_table_whose_name_is_longer_than_postgresql_allows_and_given_by_hand",
    app: "a_label_of_an_app_that_is_as_long_as_nobody_would_write_it")
private struct Note {
    var text: String
    @ForeignKey(onDelete: .cascade) var photograph: Photograph.ID
}

/// Tables whose names are longer than PostgreSQL allows.
@Suite struct LongTableNames {
    private static let tables = [Tag.table, Photograph.table, Note.table]

    private func migrator(_ database: Database) throws -> Migrator {
        let graph = try MigrationGraph([MigrationNode]())
        let maker = MigrationMaker(graph, models: Self.tables, questioner: SilentQuestioner())
        return Migrator(database, try MigrationGraph(try maker.changes()))
    }

    private func makeDatabase() async throws -> (Database, String) {
        let server = try await PostgresServer.shared
        let url = server.url(try await server.makeDatabase())
        return (try Database(url: url, schema: ModelRegistry(tables: Self.tables)), url)
    }

    /// Stores the rows that the script stores.
    private func add(_ caption: String, _ database: Database) async throws {
        let parent = try await Photograph.objects.order { [$0.id.ascending] }.first(in: database)
        let photograph = try await database.create(
            Photograph.Draft(caption: caption, slug: "x", parent: parent?.id))
        let tag = try await database.create(Tag.Draft(name: "tag of " + caption))
        try await photograph.tags.add([tag.id], in: database)
        _ = try await database.create(Note.Draft(text: "note of " + caption, photograph: photograph.id))
    }

    /// The rows as the script prints them.
    private func rows(_ database: Database) async throws -> [String] {
        var rows: [String] = []
        for photograph in try await Photograph.objects.order({ [$0.id.ascending] }).all(in: database) {
            let parent = try await Photograph.objects.filter { $0.id == photograph.parent ?? .init(-1) }.all(
                in: database)
            let tags = try await photograph.tags.objects.all(in: database).map(\.name)
            let notes = try await Note.objects.filter { $0.photograph.caption == photograph.caption }.all(in: database)
            rows.append("\(photograph.caption)|\(parent.map(\.caption))|\(tags)|\(notes.map(\.text))")
        }
        return rows
    }

    private func djangoRows(_ url: String) async throws -> [String] {
        let output = try await Peer.python("django/long_names.py", "read", url)
        let list = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[Any]])
        return try list.map { row in
            let caption = try #require(row[0] as? String)
            let parent = try #require(row[1] as? String)
            let (tags, notes) = (try #require(row[2] as? [String]), try #require(row[3] as? [String]))
            return "\(caption)|\(parent.isEmpty ? [] : [parent])|\(tags)|\(notes)"
        }
    }

    @Test func `each framework reads and writes the tables of the other`() async throws {
        let (django, djangoURL) = try await makeDatabase()
        let (ours, oursURL) = try await makeDatabase()
        try await Peer.python("django/long_names.py", "create", djangoURL)
        let migrator = try migrator(ours)
        try await migrator.run(migrator.plan(.all))
        #expect(try await TableInspector(django).tables() == TableInspector(ours).tables())
        #expect(try await TableInspector(ours).names().count == 4)

        for (database, url) in [(django, djangoURL), (ours, oursURL)] {
            try await add("one", database)
            try await Peer.python("django/long_names.py", "add", url, "two")
            try await add("three", database)
            let expected = [
                #"one|[]|["tag of one"]|["note of one"]"#, #"two|["one"]|["tag of two"]|["note of two"]"#,
                #"three|["one"]|["tag of three"]|["note of three"]"#,
            ]
            #expect(try await rows(database) == expected)
            #expect(try await djangoRows(url) == expected)
        }

        // All kinds of statements.
        let three = try await Photograph.objects.filter { $0.caption == "three" }.get(in: ours)
        var changed = three
        changed.slug = "y"
        #expect(try await ours.save(changed).slug == "y")
        #expect(try await ours.save(all: [changed]) { [$0.slug] } == 1)
        #expect(try await Photograph.objects.filter { $0.parent.caption == "one" }.count(in: ours) == 2)
        #expect(
            try await Photograph.objects.filter { $0.tags.contains { $0.name == "tag of one" } }.count(in: ours) == 1)
        #expect(try await Photograph.objects.filter { $0.tags.count == 1 }.count(in: ours) == 3)
        let first = try await Photograph.objects.filter { $0.caption == "one" }.all(in: ours)
        #expect(try await Tag.objects.grouped(by: \.tags, of: first, in: ours).first?.value.count == 1)
        #expect(try await Photograph.objects.filter { $0.slug == "y" }.update(in: ours) { [$0.slug.set(to: "z")] } == 1)
        try await three.tags.clear(in: ours)
        #expect(try await three.tags.objects.count(in: ours) == 0)
        let fixtures = Fixtures(ours, models: Self.tables)
        let dump = try await fixtures.dump().joined(separator: "\n")
        #expect(try await Photograph.objects.filter { $0.caption == "one" }.delete(in: ours).count > 3)
        #expect(try await rows(ours).isEmpty)
        #expect(try await fixtures.load(dump) == 9)
        #expect(try await rows(ours).count == 3)
        try await fixtures.flush()
        #expect(try await rows(ours).isEmpty)
        await django.stop()
        await ours.stop()
    }

    @Test func `names of tables follow their models`() async throws {
        let (database, _) = try await makeDatabase()
        func change(_ name: String, after: String, _ operations: [MigrationOperation]) -> MigrationNode {
            MigrationNode(
                MigrationName(app: label, name: name), dependencies: [MigrationName(app: label, name: after)],
                operations: operations)
        }
        let first = try migrator(database).graph
        let graph = try MigrationGraph(
            first.order.compactMap { first.nodes[$0] } + [
                change("0002_rename", after: "0001_initial", [.renameModel("Photograph", to: "Photography")]),
                change("0003_link", after: "0002_rename", [.renameField("Photography", "tags", to: "labels")]),
                change("0004_delete", after: "0003_link", [.deleteModel("Note"), .deleteModel("Photography")]),
            ])
        let migrator = Migrator(database, graph)
        for name in graph.order.dropLast() {
            try await migrator.run(migrator.plan(.migration(name)))
            let state = try graph.state(after: Set(graph.ancestors(of: [name])))
            // PostgreSQL cuts the name that was given by hand.
            let expected = Set(state.allTables.map { String($0.name(for: .postgreSQL).prefix(63)) })
            #expect(Set(try await TableInspector(database).names()) == expected)
            #expect(expected.count == 4)
        }
        try await migrator.run(migrator.plan(.all))
        #expect(try await TableInspector(database).names().count == 1)
        try await migrator.run(migrator.plan(.zero(label)))
        #expect(try await TableInspector(database).names().isEmpty)
        await database.stop()
    }

    @Test func `a column longer than PostgreSQL allows is refused`() async throws {
        let (database, _) = try await makeDatabase()
        let column = String(repeating: "é", count: 32)
        let node = MigrationNode(
            MigrationName(app: "zoo", name: "0001_initial"),
            operations: [.createModel("Animal", fields: [.bigAuto("id"), .text(column)])])
        let migrator = Migrator(database, try MigrationGraph([node]))
        let error = await #expect(throws: MigrationError.self) { try await migrator.run(migrator.plan(.all)) }
        #expect(
            error?.description.contains(
                "The column \(column) of zoo.Animal has 64 bytes, but PostgreSQL cuts names after 63. Give the field a "
                    + "shorter name, or a column with @Column.") == true)
        await database.stop()
    }
}
