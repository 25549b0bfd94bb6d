import Foundation
import PostgresServers
import StraitCore
import StraitForms
import StraitHTTP
import StraitModelForms
import StraitModels
import StraitTesting
import TestFolders
import Testing

/// A model with unique values, some of which have a default.
@Model(app: "covers") struct Cover {
    var name: String
    @Unique @Blank var code: String = "x"
    @Unique @Blank var file: StoredFile = StoredFile("")
    @Blank var shelf: String = "7"

    static let options: [ModelOption<Cover>] = [
        .uniqueTogether { [$0.name, $0.shelf] }, .check("lucky_shelf") { $0.shelf != "13" },
    ]
}

/// A model with a foreign key to one with many-to-many fields.
@Model(app: "covers") struct Sleeve {
    @ForeignKey(onDelete: .cascade) var album: Album.ID
}

/// Forms of models on tables that Django has created.
@Suite struct `Forms of models` {
    @Test func `JSON that the field's type cannot read is refused before it is stored`() async throws {
        let form = try await ModelForm<Kind>(
            FormData(fields: QueryString(parsing: "data=[1]")), in: Database(sqlite: ":memory:")
        ) { [$0.data] }
        #expect(form.errors["data"]?.map(\.message) == ["Enter a JSON value of the right shape."])
    }

    @Test(arguments: [
        ("moment=0001-01-01T00:00%2B05:00", "Enter a valid date/time."),
        ("moment=9999-12-31T23:59:59-01:00", "Enter a valid date/time."),
        ("moment=0000-01-01 00:00", "Enter a valid date/time."), ("moment=10000-01-01", "Enter a valid date/time."),
        ("moment=9999-12-31 23:59:59.999999", nil), ("moment=0001-01-01 00:00", nil),
        ("day=0000-12-31", "Enter a valid date."), ("day=10000-01-01", "Enter a valid date."), ("day=9999-12-31", nil),
        ("span=106751992 00:00:00", "The number of days must be between -106751991 and 106751991."),
        ("span=106751991 00:00:00", nil), ("span=-106751991 00:00:00", nil),
        ("span=999999999999:00:00", "The number of days must be between -999999999 and 999999999."),
    ])
    func `a date or duration that cannot be stored has an error, and the last ones are stored`(
        data: String, message: String?
    ) async throws {
        let database = Database(sqlite: ":memory:")
        let form = try await ModelForm<Kind>(FormData(fields: QueryString(parsing: data)), in: database) { kind in
            let all: [String: any FormColumn] = ["moment": kind.moment, "day": kind.day, "span": kind.span]
            return data.split(separator: "=").first.flatMap { all[String($0)] }.map { [$0] } ?? []
        }
        #expect(form.errors.values.flatMap { $0 }.map(\.message) == (message.map { [$0] } ?? []))
        if message == nil {
            // The table does not exist, but the value can be stored.
            let error = await #expect(throws: DatabaseError.self) { _ = try await form.save(in: database) }
            #expect(error?.code == .missingTable)
        }
        await database.stop()
    }

    @Test func `a number outside of its type's range has an error`() async throws {
        let form = try await ModelForm<Site>(
            FormData(fields: QueryString(parsing: "page=2147483648")), in: Database(sqlite: ":memory:")
        ) { [$0.page] }
        #expect(form.errors["page"]?.map(\.message) == ["Ensure this value is less than or equal to 2147483647."])
    }

    @Test func `a valid form stores a new row or changes one`() async throws {
        try await withAlbums { database in
            func form(_ text: String, _ site: Site? = nil) async throws -> ModelForm<Site> {
                try await ModelForm<Site>(
                    FormData(fields: QueryString(parsing: text)), instance: site, in: database
                ) { [$0.name] }
            }
            let new = try #require(try await form("name=second").save(in: database) { [$0.page.set(to: 8)] })
            #expect(new.name == "second" && new.folder == "home" && new.page == 8)
            let same = try await form("name=second", new)
            #expect(same.isValid)
            let changed = try #require(try await form("name=third", new).save(in: database))
            #expect(changed.id == new.id && changed.name == "third" && changed.page == 8)
            let taken = try await form("name=first", new)
            let none = try await taken.save(in: database)
            #expect(none == nil)
            #expect(taken.errors["name"]?.map(\.message) == ["Site with this Site name already exists."])
            // Another request stores the name between the check and the save.
            let late = try await form("name=fourth")
            #expect(late.isValid)
            _ = try await database.create(Site.Draft(name: "fourth", page: 9))
            let lost = try await late.save(in: database)
            #expect(lost == nil && late.errors["name"]?.first?.code == "unique")
        }
    }

    /// Calls `body` with the database of Django's rows on each engine: the album 1 with the kind 1 and the site 1.
    private func withAlbums(_ body: (Database) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/kinds.db"
            try await Peer.python("django/kinds.py", "create", path)
            let database = Database(sqlite: path)
            try await body(database)
            await database.stop()
        }
        let server = try await PostgresServer.shared
        let url = server.url(try await server.makeDatabase())
        try await Peer.python("django/kinds.py", "create", url)
        let database = try Database(url: url)
        try await body(database)
        await database.stop()
    }

    @Test func `chosen rows are stored with the row, and replace the ones that were linked`() async throws {
        try await withAlbums { database in
            let new = try await ModelForm<Album>(
                FormData(fields: QueryString(parsing: "title=New&site=1&kinds=2&kinds=3&kinds=2")), in: database
            ) { [$0.title, $0.site, $0.kinds, $0.sites] }
            let album = try #require(try await new.save(in: database) { [$0.score.set(to: StoredFile("s.txt"))] })
            let kinds = try await album.kinds.objects.order { [$0.id.ascending] }.all(in: database).map(\.id.number)
            let sites = try await album.sites.objects.count(in: database)
            #expect(kinds == [2, 3] && sites == 0 && album.note == "none" && album.score.name == "s.txt")

            let form = try await ModelForm<Album>(
                FormData(fields: QueryString(parsing: "kinds=4&kinds=3")), instance: album, in: database
            ) { [$0.kinds] }
            let changed = try #require(try await form.save(in: database))
            let after = try await changed.kinds.objects.order { [$0.id.ascending] }.all(in: database).map(\.id.number)
            #expect(changed.id == album.id && changed.title == "New" && after == [3, 4])
        }
    }

    @Test func `a value that was stored meanwhile is an error, and a transaction around the form goes on`() async throws
    {
        try await withAlbums { database in
            try await database.atomic { database in
                let form = try await ModelForm<Site>(
                    FormData(fields: QueryString(parsing: "name=late")), in: database
                ) { [$0.name] }
                #expect(form.isValid)
                _ = try await database.create(Site.Draft(name: "late", page: 9))
                let lost = try await form.save(in: database)
                let count = try await Site.objects.count(in: database)
                #expect(lost == nil && form.errors["name"]?.first?.code == "unique" && count == 2)
            }
        }
    }

    @Test func `the choice of a row by a UUID is stored`() async throws {
        try await withAlbums { database in
            let odd = try #require(try await Odd.objects.first(in: database))
            let key = odd.key.uuidString.lowercased()
            let form = try await ModelForm<Odd>(
                FormData(fields: QueryString(parsing: "parent=\(key)&other=\(key)&odds=\(key)&maybe=true&flag=on")),
                instance: odd, in: database
            ) { [$0.parent, $0.other, $0.odds, $0.maybe, $0.flag] }
            let saved = try #require(try await form.save(in: database))
            let linked = try await saved.odds.objects.all(in: database).map(\.key)
            #expect(saved.other == odd.key && saved.maybe == true && saved.flag && linked == [odd.key])
        }
    }

    @Test func `if a link cannot be stored, the row is not stored either`() async throws {
        try await withAlbums { database in
            let form = try await ModelForm<Album>(
                FormData(fields: QueryString(parsing: "title=Lost&site=1&kinds=2")), in: database
            ) { [$0.title, $0.site, $0.kinds] }
            #expect(form.isValid)
            _ = try await Kind.objects.filter { $0.id == Kind.ID(2) }.delete(in: database)
            await #expect(throws: DatabaseError.self) {
                _ = try await form.save(in: database) { [$0.score.set(to: StoredFile("s.txt"))] }
            }
            let titles = try await Album.objects.select { $0.title }.all(in: database)
            #expect(titles == ["Sea"])
        }
    }

    @Test func `an uploaded file is stored by the application, and the form keeps or clears others`() async throws {
        try await withAlbums { database in
            let album = try await Album.objects.get(in: database)
            func form(_ text: String, _ file: UploadedFile? = nil) async throws -> ModelForm<Album> {
                try await ModelForm<Album>(
                    FormData(fields: QueryString(parsing: text), files: file.map { [$0] } ?? []), instance: album,
                    in: database
                ) { [$0.cover, $0.score] }
            }
            let upload = try await form("", UploadedFile(name: "score", filename: "new.txt", Bytes("x".utf8)))
            let error = await #expect(throws: ModelFormError.self) { try await upload.save(in: database) }
            #expect(
                error?.description
                    == "The uploaded file of the field `score` is not stored. Store the file that "
                    + "`upload { $0.score }` returns, and pass its name to save: "
                    + "`[$0.score.set(to: StoredFile(name))]`.")
            #expect(upload.upload { $0.score }?.filename == "new.txt" && upload.upload { $0.cover } == nil)
            let stored = try await upload.save(in: database) { [$0.score.set(to: StoredFile("scores/new.txt"))] }
            #expect(stored?.score.name == "scores/new.txt" && stored?.cover.name == "covers/a b&c.png")
            let cleared = try await form("cover-clear=on").save(in: database)
            #expect(cleared?.cover.name == "" && cleared?.score.name == "scores/new.txt")
        }
    }

    @Test func `a field that is not in the request keeps its value, and an empty one is stored`() async throws {
        try await withAlbums { database in
            func save(_ text: String, _ album: Album?) async throws -> Album? {
                let form = try await ModelForm<Album>(
                    FormData(fields: QueryString(parsing: text)), instance: album, in: database
                ) { [$0.title, $0.note] }
                return try await form.save(in: database) {
                    [$0.score.set(to: StoredFile("s")), $0.site.set(to: Site.ID(1))]
                }
            }
            let new = try await save("title=New", nil)
            #expect(new?.note == "none")
            let noted = try await save("title=New&note=x", new)
            let kept = try await save("title=Newer", noted)
            #expect(kept?.note == "x" && kept?.title == "Newer")
            let emptied = try await save("title=Newer&note=", kept)
            #expect(emptied?.note == "")
        }
    }

    @Test func `the values that are stored are compared with those of other rows`() async throws {
        try await onBothEngines { database in
            func form(_ text: String, _ cover: Cover? = nil, _ file: UploadedFile? = nil) async throws -> ModelForm<
                Cover
            > {
                try await ModelForm<Cover>(
                    FormData(fields: QueryString(parsing: text), files: file.map { [$0] } ?? []), instance: cover,
                    in: database
                ) { [$0.name, $0.code, $0.file, $0.shelf] }
            }
            _ = try await database.create(Cover.Draft(name: "a", code: "", file: StoredFile(""), shelf: "0"))
            // The default values are stored, and not the empty ones of the row above.
            let new = try await form("name=b")
            #expect(new.errors["code"] == nil && new.isValid == false)
            #expect(new.errors["file"]?.map(\.code) == ["unique"])
            let upload = UploadedFile(name: "file", filename: "x.txt", Bytes("x".utf8))
            let first = try await form("name=b", nil, upload)
            #expect(first.isValid)
            let cover = try #require(try await first.save(in: database) { [$0.file.set(to: StoredFile("x.txt"))] })
            #expect(cover.code == "x" && cover.file.name == "x.txt" && cover.shelf == "7")
            // Another row has the default value now. The form finds it without a failed statement.
            let second = try await form("name=c", nil, upload)
            #expect(second.errors["code"]?.map(\.code) == ["unique"])
            let empty = try await form("name=c&code=", nil, upload)
            #expect(empty.errors["code"]?.map(\.code) == ["unique"])
            // The row keeps its own values, of which the list with the shelf is another row's with the new name.
            _ = try await database.create(Cover.Draft(name: "d", code: "d", file: StoredFile("d"), shelf: "7"))
            let kept = try await form("name=e", cover)
            #expect(kept.isValid)
            let together = try await form("name=d", cover)
            #expect(together.formErrors.map(\.code) == ["unique_together"])
            let cleared = try await form("name=e&file-clear=on", cover)
            #expect(cleared.errors["file"]?.map(\.code) == ["unique"])
        }
    }

    @Test func `a row that does not satisfy a check is an error of the form`() async throws {
        try await onBothEngines { database in
            let form = try await ModelForm<Cover>(
                FormData(fields: QueryString(parsing: "name=a&shelf=13")), in: database
            ) { [$0.name, $0.shelf] }
            #expect(form.isValid)
            let row = try await form.save(in: database)
            #expect(row == nil)
            #expect(form.formErrors.map(\.message) == ["Constraint “lucky_shelf” is violated."])
        }
    }

    /// Calls `body` with an empty database of each engine.
    private func onBothEngines(_ body: (Database) async throws -> Void) async throws {
        try await TestDatabase.run(with: [Cover.self]) { database in try await body(database) }
        let server = try await PostgresServer.shared
        let url = server.url(try await server.makeDatabase())
        try await TestDatabase.run(with: [Cover.self], on: url) { database in try await body(database) }
    }

    @Test func `a field that may be blank needs a value if its column does`() async throws {
        let database = Database(sqlite: ":memory:")
        let form = try await ModelForm<Loose>(FormData(), in: database)
        #expect(Set(form.errors.keys) == ["count", "size", "day"])
        #expect(form.errors.values.allSatisfy { $0.map(\.code) == ["required"] })
        await database.stop()
    }

    @Test func `a form names an entry that it cannot have`() async throws {
        let database = Database(sqlite: ":memory:")
        let bytes = await #expect(throws: ModelFormError.self) {
            _ = try await ModelForm<Kind>(nil, in: database) { [$0.blob] }
        }
        #expect(
            bytes?.description
                == "The field `blob` cannot be in a form: it is not editable, or bytes. Remove it from the form, and "
                + "pass its value to save.")
        let other = await #expect(throws: ModelFormError.self) {
            _ = try await ModelForm<Kind>(nil, in: database) { [$0.code.lowercased] }
        }
        #expect(
            other?.description
                == "The form of Kind has an entry that is no field of the model. Write its own columns, such as "
                + "`$0.caption`, without calculations and columns of other models.")
        for columns: @Sendable (Sleeve.Columns) -> [any FormColumn] in [
            { [$0.album.kinds] }, { [$0.album.title] }, { _ in [Album.Columns(path: JoinPath()).kinds] },
        ] {
            let error = await #expect(throws: ModelFormError.self) {
                _ = try await ModelForm<Sleeve>(nil, in: database, only: columns)
            }
            #expect(error == .noField("Sleeve"))
        }
        let hidden = await #expect(throws: ModelFormError.self) {
            _ = try await ModelForm<Album>(nil, in: database) { [$0.hidden] }
        }
        #expect(hidden == .notEditable("hidden"))
    }
}
