import Foundation
import StraitCore
import StraitModels
import StraitTesting

/// Returns a constant that a test knows to be valid.
func known<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("A constant of a test is not valid.") }
    return value
}

@Model(app: "library") struct Blog {
    @MaxLength(100) var name: String
    var tagline: String
}

@Model(app: "library") struct Author {
    @MaxLength(200) var name: String
    @Email var email: String
    @ForeignKey(onDelete: .setNull) var mentor: Author.ID?
}

struct EntryData: Codable, Sendable {
    struct Size: Codable, Sendable { var w: Int }
    var kind: String
    var size: Size
}

@Model(app: "library") struct Entry {
    @ForeignKey(onDelete: .cascade) var blog: Blog.ID
    @MaxLength(255) var headline: String
    var body: String
    var pubDate: PlainDate
    var modDate: Date
    var numberOfComments: Int
    var numberOfPingbacks: Int
    var rating: Int?
    @Digits(10, places: 2) var price: Decimal
    var isPublic: Bool
    @JSON var data: EntryData?
    @ManyToMany var authors: Links<Author>
}

/// The same library for both sides: 20 blogs, 200 authors and 10,000 entries, made from a fixed seed.
enum Library {
    static let models = ModelRegistry([Blog.self, Author.self, Entry.self])

    private static let words = ["Sea", "sea", "50%_off", "Näht", "Wave"]

    private static func entry(_ number: Int, _ blog: Blog.ID, _ random: inout SeededGenerator) -> Entry.Draft {
        let day = CivilDate(daysSinceEpoch: 18_262 + Int.random(in: 0..<2_500, using: &random))
        let seconds = Double(1_577_836_800 + Int.random(in: 0..<216_000_000, using: &random))
        let cents = Int.random(in: 0..<20_000, using: &random)
        let data = EntryData(kind: number % 2 == 0 ? "a" : "b", size: .init(w: number % 90))
        return Entry.Draft(
            blog: blog, headline: words[Int.random(in: 0..<5, using: &random)] + " \(number % 100)",
            body: number % 4 == 0 ? "The end" : "Text \(number)",
            pubDate: known(PlainDate(year: day.year, month: day.month, day: day.day)),
            modDate: Date(timeIntervalSince1970: seconds + (number % 3 == 0 ? 0.25 : 0)),
            numberOfComments: Int.random(in: 0..<40, using: &random),
            numberOfPingbacks: Int.random(in: 0..<40, using: &random),
            rating: number % 7 == 0 ? nil : Int.random(in: 1...5, using: &random), price: Decimal(cents) / 100,
            isPublic: Bool.random(using: &random), data: number % 5 == 0 ? nil : data)
    }

    static func fill(_ database: Database) async throws {
        var random = SeededGenerator(seed: 7)
        try await database.atomic { database in
            let blogs = try await database.create(
                all: (1...20).map { Blog.Draft(name: "Blog \($0)", tagline: "Tagline \($0)") })
            let authors = try await database.create(
                all: (1...200).map { number in
                    let mentor: Author.ID? = number % 3 == 0 ? nil : Author.ID(Int64(number / 2 + 1))
                    return Author.Draft(name: "Author \(number)", email: "a\(number)@example.com", mentor: mentor)
                })
            let drafts = (1...10_000).map { entry($0, blogs[Int.random(in: 0..<20, using: &random)].id, &random) }
            let entries = try await database.create(all: drafts)
            for entry in entries.prefix(500) {
                let ids = (0..<3).map { _ in authors[Int.random(in: 0..<200, using: &random)].id }
                try await entry.authors.add(ids, in: database)
            }
        }
    }
}
