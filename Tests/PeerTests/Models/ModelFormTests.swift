import Foundation
import StraitCore
import StraitForms
import StraitHTTP
import StraitModelForms
import StraitModels
import TestFolders
import Testing

/// Compares forms of models with Django's `ModelForm`.
@Suite struct `Forms of models beside Django` {
    private struct Result: Decodable {
        let errors: [String: [[String]]]
        let html: String
        let chosen: [String: [String]]
    }

    /// A form of a model, and the data that is submitted.
    private struct Case: Encodable {
        let model: String
        /// The query string, or nil for a form that is not submitted.
        let data: String?
        /// The names and texts of files.
        let files: [String: [String]]
        /// The row to change.
        let row: Int?

        init(_ model: String, _ data: String?, files: [String: [String]] = [:], row: Int? = nil) {
            self.model = model
            self.data = data
            self.files = files
            self.row = row
        }

        var form: FormData? {
            data.map { data in
                FormData(
                    fields: QueryString(parsing: data),
                    files: files.map { UploadedFile(name: $0.key, filename: $0.value[0], Bytes($0.value[1].utf8)) })
            }
        }
    }

    /// The ID of Django's only row of the model with UUIDs.
    private static let key = "00000000-0000-0000-0000-000000000001"

    private static let cases: [Case] = [
        Case("kind", nil), Case("site", nil), Case("kind", ""), Case("site", ""),
        Case("site", "name=first&folder=b&page=1"), Case("site", "name=second&folder=a&page=1"),
        Case("site", "name=first&folder=a&page=1"),
        Case("site", "name=new&folder=" + String(repeating: "x", count: 21) + "&page=x"),
        Case("site", "name=new&folder=a%00&page=-"),
        Case(
            "kind",
            "small=x&normal=1.5&big=y&positive=-1&real=x&price=1234567890.1234&code="
                + String(repeating: "y", count: 21)
                + "&slug=a b&email=nobody&site=x y&link=&text=&key=1&moment=yesterday&day=2024-02-30&clock=25:00&span=x"
                + "&data={&status=none&level=3&parent=99&maybe_number=z&maybe_text=12345678901&maybe_data=["),
        Case(
            "kind",
            "small=1&normal=2&big=3&positive=4&real=1.5&price=1.5&flag=on&code=c&slug=s&email=a@b.example"
                + "&site=example.com&text=t&key=00000000-0000-0000-0000-000000000001"
                + "&moment=2024-02-29T12:00&day=2024-02-29"
                + "&clock=12:00&span=3 04:05:06.5&data={\"a\": [1]}&status=inReview&level=-1&parent=1"),
        Case("kind", nil, row: 1), Case("kind", nil, row: 2), Case("kind", nil, row: 3), Case("kind", nil, row: 4),
        Case("kind", "small=7", row: 2), Case("site", nil, row: 1), Case("site", "name=first&folder=a", row: 1),
        Case("album", nil), Case("album", ""), Case("album", nil, row: 1), Case("album", "", row: 1),
        Case("album", "title=a&site=1&kinds=1&kinds=3&kinds=1", files: ["score": ["a.txt", "x"]]),
        Case("album", "title=a&site=9&kinds=9&sites=x", files: ["score": ["a.txt", ""]]),
        Case("album", "site=x&kinds=1_0&sites=1&sites= 1", files: ["score": [String(repeating: "ä", count: 31), "x"]]),
        Case("album", "kinds=1&kinds=&sites=%2B1"), Case("album", "kinds=1%00&sites=1.0"),
        Case("album", "title=a&site=1&kinds=2&cover-clear=on&extra-clear=", row: 1),
        Case("album", "title=a&site=1&kinds=2&extra-clear=on&score-clear=on", files: ["extra": ["e", "x"]], row: 1),
        Case("album", "title=a&site=1&kinds=2&extra-clear=False", files: ["extra": ["<e>", "x"]], row: 1),
        Case("odd", nil), Case("odd", ""), Case("odd", nil, row: 1), Case("odd", "", row: 1),
        Case(
            "odd",
            "maybe=true&flag=false&size=large&color=red&level=32767&score=2&odds=\(key)&parent=\(key)&other=\(key)"),
        Case(
            "odd", "maybe=unknown&flag=on&size=x&color=&level=x&score=x&odds=1&parent=1&other=\(key.dropLast())", row: 1
        ),
        Case("odd", "maybe=2&odds=\(key.dropLast())2&parent=\(key.dropLast())2"), Case("odd", "maybe=maybe&flag=False"),
        Case("short", nil), Case("short", "title=b&sites=1", row: 1),
    ]

    private func row<M: Model>(_ one: Case, _ database: Database) async throws -> M? where M.ID == ModelID<M> {
        guard let row = one.row else { return nil }
        let id = ModelID<M>(Int64(row))
        return try await M.objects.all(withIDs: [id], in: database)[id]
    }

    private func makeForm(_ one: Case, in database: Database) async throws -> Form {
        switch one.model {
        case "site": return try await ModelForm<Site>(one.form, instance: row(one, database), in: database)
        case "album": return try await ModelForm<Album>(one.form, instance: row(one, database), in: database)
        case "odd":
            let row = one.row == nil ? nil : try await Odd.objects.first(in: database)
            return try await ModelForm<Odd>(one.form, instance: row, in: database)
        case "short":
            return try await ModelForm<Album>(one.form, instance: row(one, database), in: database) {
                [$0.sites, $0.title]
            }
        default:
            return try await ModelForm<Kind>(one.form, instance: row(one, database), in: database) { kind in
                [
                    kind.small, kind.normal, kind.big, kind.positive, kind.real, kind.price, kind.flag, kind.code,
                    kind.slug, kind.email, kind.site, kind.link, kind.text, kind.key, kind.moment, kind.day, kind.clock,
                    kind.span, kind.data, kind.status, kind.level, kind.parent, kind.maybeNumber, kind.maybeText,
                    kind.maybeMoment, kind.maybeData,
                ]
            }
        }
    }

    @Test func `errors and markup are Django's`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/kinds.db"
            try await Peer.python("django/kinds.py", "create", path)
            let file = folder + "/cases.json"
            try JSONEncoder().encode(Self.cases).write(to: URL(filePath: file))
            let output = try await Peer.python("django/kinds.py", "forms", path, file)
            let results = try JSONDecoder().decode([Result].self, from: Data(output.utf8))
            try #require(results.count == Self.cases.count)
            let database = Database(sqlite: path)
            for (one, django) in zip(Self.cases, results) {
                let form = try await makeForm(one, in: database)
                let errors = form.errors.mapValues { $0.map { [$0.message, $0.code] } }
                for name in Set(errors.keys).union(django.errors.keys) {
                    #expect(errors[name] == django.errors[name], "\(name) of \(one)")
                }
                for (name, rows) in django.chosen {
                    let field = form.fields.first { $0.name == name } as? MultipleChoiceField
                    #expect(Set(field?.value ?? []) == Set(rows), "\(name) of \(one)")
                }
                let (ours, theirs) = (lines("\(form.asP)"), lines(django.html))
                for (ours, theirs) in zip(ours, theirs) where ours != theirs {
                    Issue.record("\(ours) is not \(theirs) in \(one)")
                    break
                }
                #expect(ours.count == theirs.count, "\(one)")
            }
            await database.stop()
        }
    }

    /// The markup with one element in a line.
    private func lines(_ html: String) -> [String] {
        html.replacing("><", with: ">\n<").split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty }
    }

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
        try await withTemporaryFolder { folder in
            let path = folder + "/kinds.db"
            try await Peer.python("django/kinds.py", "create", path)
            let database = Database(sqlite: path)
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
            await database.stop()
        }
    }

    /// Calls `body` with the database of Django's rows: the album 1 with the kind 1 and the site 1.
    private func withAlbums(_ body: (Database) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/kinds.db"
            try await Peer.python("django/kinds.py", "create", path)
            let database = Database(sqlite: path)
            try await body(database)
            await database.stop()
        }
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
        let hidden = await #expect(throws: ModelFormError.self) {
            _ = try await ModelForm<Album>(nil, in: database) { [$0.hidden] }
        }
        #expect(hidden == .notEditable("hidden"))
    }
}
