import Foundation
import Strait
import StraitDatabase
import StraitModels

/// The pages of the benchmark of models: rows that are read and rendered, and rows that are stored. Django and a C
/// program serve the same (`scripts/bench-models`). `DATABASE` is the URL of the database.
@main struct ModelPages: Site {
    var installedApps: [any App] { [PagesApp()] }
}

struct PagesApp: App {
    var templates: [any TemplateLoader] { [FolderLoader("Benchmarks/models")] }

    func services(_ settings: Settings) throws -> [any Service] {
        [try Database(url: ProcessInfo.processInfo.environment["DATABASE"] ?? "sqlite::memory:")]
    }

    var routes: [Route] {
        path("posts/") { request in
            let database = try request.services.get(Database.self)
            let latest = Post.objects.order { [$0.id.ascending] }[..<50]
            let posts = try await latest.selectRelated { $0.author }.all(in: database)
            let rows = posts.map { TemplateValue(PostRow(post: $0, author: $1)) }
            return try request.render("posts.html", ["title": "Posts & authors", "posts": .list(rows)])
        }
        // Reads rows and does nothing else, to count the allocations of a row.
        path("read/<int:count>/") { request in
            let count: Int = try request.urlRoute["count"]
            let posts = try await Post.objects[..<count].all(in: try request.services.get(Database.self))
            return .text("\(posts.count)")
        }
        path("store/many/") { request in
            let rows = try await request.services.get(Database.self).atomic { database in
                try await database.create(all: (0..<1000).map(Self.entry))
            }
            return .text("\(rows.count)")
        }
        path("store/each/") { request in
            let count = try await request.services.get(Database.self).atomic { database in
                var count = 0
                for number in 0..<1000 {
                    count += try await database.create(Self.entry(number)).likes == number ? 1 : 0
                }
                return count
            }
            return .text("\(count)")
        }
    }

    private static func entry(_ number: Int) -> Entry.Draft {
        Entry.Draft(
            title: "Entry \(number)", text: "The text of the entry with the number \(number).",
            createdAt: Date(timeIntervalSince1970: 1_700_000_000 + Double(number)), likes: number,
            author: ModelID(Int64(number % 20 + 1)))
    }
}

@Model(app: "bench") struct Author {
    @MaxLength(100) var name: String
}

@Model(app: "bench") struct Post {
    @MaxLength(200) var title: String
    var text: String
    var createdAt: Date
    var likes: Int
    @ForeignKey(onDelete: .cascade) var author: Author.ID
}

/// A row with the same columns in a table without rows.
@Model(app: "bench") struct Entry {
    @MaxLength(200) var title: String
    var text: String
    var createdAt: Date
    var likes: Int
    @ForeignKey(onDelete: .cascade) var author: Author.ID
}

/// A post with its author, as the template reads it.
private struct PostRow: TemplateObject {
    let post: Post
    let author: Author

    var templateText: String { post.title }

    subscript(member name: String) -> TemplateValue? {
        switch name {
        case "id": .int(Int(post.id.number))
        case "title": .string(post.title)
        case "text": .string(post.text)
        case "created_at": .date(TemplateDate(post.createdAt))
        case "likes": .int(post.likes)
        case "author": .string(author.name)
        default: nil
        }
    }
}
