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
        let stored: [[String?]]?
    }

    private struct RollBack: Error {}

    /// A form of a model, and the data that is submitted.
    private struct Case: Encodable {
        let model: String
        /// The query string, or nil for a form that is not submitted.
        let data: String?
        /// The names and texts of files.
        let files: [String: [String]]
        /// The row to change.
        let row: Int?
        /// The queries whose results show what the form has stored; none if it cannot be saved.
        let queries: [String]

        init(_ model: String, _ data: String?, files: [String: [String]] = [:], row: Int? = nil) {
            self.model = model
            self.data = data
            self.files = files
            self.row = row
            queries =
                files.isEmpty && (model == "site" || row != nil)
                ? [
                    "site": ["SELECT * FROM kinds_site ORDER BY id"],
                    "odd": ["SELECT * FROM kinds_odd", "SELECT from_odd_id, to_odd_id FROM kinds_odd_odds"],
                ][
                    model,
                    default: [
                        "SELECT * FROM kinds_album", "SELECT album_id, kind_id FROM kinds_album_kinds ORDER BY 1, 2",
                        "SELECT album_id, site_id FROM kinds_album_sites ORDER BY 1, 2",
                    ]] : []
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
        Case("site", "name= second &folder=b&page=7"), Case("site", "name=x&page=%2B2", row: 1),
        Case("album", "title=b&site=%2001&note=&kinds=2&kinds=3&extra-clear=on", row: 1),
        Case("odd", "maybe=true&size=large&color=red&level=32767&score=2.5&odds=\(key)&parent=\(key)", row: 1),
        Case("odd", "flag=on&size=small&score=1e3&parent=\(key.filter { $0 != "-" })&other=urn:uuid:\(key)", row: 1),
        Case("short", nil), Case("short", "title=b&sites=1", row: 1),
    ]

    private func row<M: Model>(_ one: Case, _ database: Database) async throws -> M? where M.ID == ModelID<M> {
        guard let row = one.row else { return nil }
        let id = ModelID<M>(Int64(row))
        return try await M.objects.all(withIDs: [id], in: database)[id]
    }

    private func makeForm(_ one: Case, in database: Database) async throws -> (
        Form, save: (Database) async throws -> Bool
    ) {
        switch one.model {
        case "site": return saving(try await ModelForm<Site>(one.form, instance: row(one, database), in: database))
        case "album": return saving(try await ModelForm<Album>(one.form, instance: row(one, database), in: database))
        case "odd":
            let row = one.row == nil ? nil : try await Odd.objects.first(in: database)
            return saving(try await ModelForm<Odd>(one.form, instance: row, in: database))
        case "short":
            let form = try await ModelForm<Album>(one.form, instance: row(one, database), in: database) {
                [$0.sites, $0.title]
            }
            return saving(form)
        default:
            let form = try await ModelForm<Kind>(one.form, instance: row(one, database), in: database) { kind in
                [
                    kind.small, kind.normal, kind.big, kind.positive, kind.real, kind.price, kind.flag, kind.code,
                    kind.slug, kind.email, kind.site, kind.link, kind.text, kind.key, kind.moment, kind.day, kind.clock,
                    kind.span, kind.data, kind.status, kind.level, kind.parent, kind.maybeNumber, kind.maybeText,
                    kind.maybeMoment, kind.maybeData,
                ]
            }
            return saving(form)
        }
    }

    private func saving<M: Model>(_ form: ModelForm<M>) -> (Form, save: (Database) async throws -> Bool) {
        (form, { try await form.save(in: $0) != nil })
    }

    /// The results of a case's queries after a save, which is rolled back; nil if the form is not valid.
    private func stored(
        _ one: Case, _ save: (Database) async throws -> Bool, _ database: Database
    ) async throws -> [[String?]]? {
        var rows: [[String?]]?
        do {
            try await database.atomic { database in
                guard !one.queries.isEmpty, try await save(database) else { return }
                rows = []
                for query in one.queries {
                    rows? += try await database.query(SQL(stringLiteral: query), isWrite: true) {
                        row throws(DatabaseError) in (0..<row.count).map { Self.text(row[$0]) }
                    }
                }
                throw RollBack()
            }
        } catch is RollBack {}
        return rows
    }

    private static func text(_ value: DatabaseValue) -> String? {
        switch value {
        case .null: nil
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        case .text(let text): text
        case .bytes(let bytes): bytes.hexadecimal
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
            #expect(results.count { $0.stored != nil } >= 5)
            let database = Database(sqlite: path)
            for (one, django) in zip(Self.cases, results) {
                let (form, save) = try await makeForm(one, in: database)
                let errors = form.errors.mapValues { $0.map { [$0.message, $0.code] } }
                for name in Set(errors.keys).union(django.errors.keys) {
                    #expect(errors[name] == django.errors[name], "\(name) of \(one)")
                }
                for (name, rows) in django.chosen {
                    let field = form.fields.first { $0.name == name } as? MultipleChoiceField
                    #expect(Set(field?.value ?? []) == Set(rows), "\(name) of \(one)")
                }
                let stored = try await stored(one, save, database)
                #expect(stored == django.stored, "\(one)")
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
}
