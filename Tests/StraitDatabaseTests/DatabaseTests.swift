import StraitDatabase
import StraitModels
import StraitTesting
import TestFolders
import Testing

@Model(table: "notes") struct Note {
    @Unique var text: String
}

@Suite struct Databases {
    private struct Failure: Error {}

    private func withNotes(_ body: (Database) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let database = Database(sqlite: folder + "/notes.db")
            try await database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE)")
            try await body(database)
            await database.stop()
        }
    }

    private func expect(_ texts: [String], in database: Database, at place: SourceLocation = #_sourceLocation)
        async throws
    {
        let found = try await Note.objects.order { [$0.id.ascending] }.all(in: database).map(\.text)
        #expect(found == texts, sourceLocation: place)
    }

    @Test func `a transaction stores all or nothing, and sees its own changes`() async throws {
        try await withNotes { database in
            try await database.atomic { inner in
                _ = try await inner.create(Note.Draft(text: "a"))
                try await expect(["a"], in: inner)
                try await expect([], in: database)
            }
            try await expect(["a"], in: database)
            await #expect(throws: Failure.self) {
                try await database.atomic { inner in
                    _ = try await inner.create(Note.Draft(text: "b"))
                    throw Failure()
                }
            }
            try await expect(["a"], in: database)
        }
    }

    @Test func `a part of a transaction can fail by itself`() async throws {
        try await withNotes { database in
            try await database.atomic { outer in
                _ = try await outer.create(Note.Draft(text: "a"))
                await #expect(throws: DatabaseError.self) {
                    try await outer.atomic { inner in
                        _ = try await inner.create(Note.Draft(text: "b"))
                        _ = try await inner.create(Note.Draft(text: "a"))
                    }
                }
                try await outer.atomic { inner in
                    _ = try await inner.create(Note.Draft(text: "c"))
                }
            }
            try await expect(["a", "c"], in: database)
        }
    }

    @Test func `actions run after the commit, in order, and not after a rollback`() async throws {
        try await withNotes { database in
            let journal = Journal()
            await database.onCommit { journal.note("outside") }
            try await database.atomic { outer in
                await outer.onCommit { journal.note("first") }
                try? await outer.atomic { inner in
                    await inner.onCommit { journal.note("undone") }
                    throw Failure()
                }
                try await outer.atomic { inner in await inner.onCommit { journal.note("second") } }
                journal.note("body")
            }
            try? await database.atomic { inner in
                await inner.onCommit { journal.note("never") }
                throw Failure()
            }
            #expect(journal.lines == ["outside", "body", "first", "second"])
        }
    }

    @Test func `after the database has rolled a transaction back, its other statements fail`() async throws {
        try await withNotes { database in
            await #expect(throws: DatabaseError.self) {
                try await database.atomic { inner in
                    _ = try await inner.create(Note.Draft(text: "a"))
                    _ = try? await inner.execute("INSERT OR ROLLBACK INTO notes (text) VALUES ('a')")
                    _ = try await inner.create(Note.Draft(text: "b"))
                }
            }
            try await expect([], in: database)
        }
    }

    @Test func `a transaction cannot be used after its end`() async throws {
        try await withNotes { database in
            let kept = try await database.atomic { $0 }
            let error = await #expect(throws: DatabaseError.self) { try await Note.objects.count(in: kept) }
            #expect(
                error?.description
                    == "The transaction has ended. After atomic, use the database that atomic was called on.")
        }
    }
}
