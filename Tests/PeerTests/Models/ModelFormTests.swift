import Foundation
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
    }

    /// The form, and the query string that is submitted; nil for a form that is not submitted.
    private static let cases: [[String?]] = [
        ["kind", nil], ["site", nil], ["kind", ""], ["site", ""],
        ["site", "name=first&folder=b&page=1"], ["site", "name=second&folder=a&page=1"],
        ["site", "name=first&folder=a&page=1"],
        ["site", "name=new&folder=" + String(repeating: "x", count: 21) + "&page=x"],
        ["site", "name=new&folder=a%00&page=-"],
        [
            "kind",
            "small=x&normal=1.5&big=y&positive=-1&real=x&price=1234567890.1234&code="
                + String(repeating: "y", count: 21)
                + "&slug=a b&email=nobody&site=x y&link=&text=&key=1&moment=yesterday&day=2024-02-30&clock=25:00&span=x"
                + "&data={&status=none&level=3&parent=99&maybe_number=z&maybe_text=12345678901&maybe_data=[",
        ],
        [
            "kind",
            "small=1&normal=2&big=3&positive=4&real=1.5&price=1.5&flag=on&code=c&slug=s&email=a@b.example"
                + "&site=example.com&text=t&key=00000000-0000-0000-0000-000000000001"
                + "&moment=2024-02-29T12:00&day=2024-02-29"
                + "&clock=12:00&span=3 04:05:06.5&data={\"a\": [1]}&status=inReview&level=-1&parent=1",
        ],
    ]

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
                let data = one[1].map { FormData(fields: QueryString(parsing: $0)) }
                let form: Form =
                    one[0] == "site"
                    ? try await ModelForm<Site>(data, in: database) : try await ModelForm<Kind>(data, in: database)
                let errors = form.errors.mapValues { $0.map { [$0.message, $0.code] } }
                for name in Set(errors.keys).union(django.errors.keys) {
                    #expect(errors[name] == django.errors[name], "\(name) of \(one)")
                }
                for (ours, theirs) in zip(lines("\(form.asP)"), lines(django.html)) where ours != theirs {
                    Issue.record("\(ours) is not \(theirs) in \(one)")
                    break
                }
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
}
