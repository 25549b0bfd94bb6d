import Foundation
import StraitCore
import StraitModels

/// A query of `Documentation/Queries.md`, which returns the same rows as Django's query in the same line.
typealias QueryRow = @Sendable (Database) async throws -> any Sendable

private let leapDay = known(PlainDate(year: 2024, month: 2, day: 29))
private let lateEvening = known(PlainTime(hour: 23, minute: 30))

/// All queries of the guide, in its order.
enum QueryRows {
    static let all: [QueryRow] = {
        var list: [QueryRow] = []
        rows(&list)
        filters(&list)
        dates(&list)
        othermodels(&list)
        orderslicescombinations(&list)
        valuescalculations(&list)
        aggregatesgroups(&list)
        changes(&list)
        return list
    }()

    // MARK: Rows

    private static func rows(_ list: inout [QueryRow]) {
        list.append { db in
            try await Entry.objects.all(in: db)
        }
        list.append { db in
            try await Entry.objects.none.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.id == Entry.ID(7) }.get(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.id.ascending] }.first(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.id.ascending] }.last(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.modDate.ascending, $0.id.ascending] }.first(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.modDate.descending, $0.id.descending] }.first(in: db)
        }
        list.append { db in
            try await Entry.objects.all(withIDs: [1, 2, 3].map { Entry.ID($0) }, in: db)
        }
        list.append { db in
            try await Entry.objects.count(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 }.exists(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 }.contains(
                Entry.objects.filter { $0.id == Entry.ID(7) }.get(in: db), in: db)
        }
    }

    // MARK: Filters

    private static func filters(_ list: inout [QueryRow]) {
        list.append { db in
            try await Entry.objects.filter { $0.headline == "Sea 7" }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline == "Sea 7" }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline.equalsIgnoringCase("sea 7") }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline.contains("ea") }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline.contains("50%_") }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline.contains("EA", ignoringCase: true) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline.hasPrefix("Sea") }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline.hasPrefix("sEA", ignoringCase: true) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline.hasSuffix("7") }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.body.hasSuffix("END", ignoringCase: true) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline.matches("^Sea [0-9]+$") }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline.matches("^sea [0-9]+$", ignoringCase: true) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.id.isIn([1, 3, 5].map { Entry.ID($0) }) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.id.isIn([]) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating > 3 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating >= 3 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating < 3 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating <= 3 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating.isIn(2...4) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == nil }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating != nil }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.exclude { $0.rating == 3 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.exclude { $0.rating > 3 && $0.isPublic == true }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.exclude { $0.rating > 3 }.exclude { $0.isPublic == true }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.price > 99.5 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 || $0.headline.hasPrefix("Sea") }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { !($0.rating == 5) && $0.isPublic == true }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { ($0.rating == 5) ^ ($0.isPublic == true) }.all(in: db)
        }
    }

    // MARK: Dates

    private static func dates(_ list: inout [QueryRow]) {
        list.append { db in
            try await Entry.objects.filter { $0.pubDate == leapDay }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.pubDate.year == 2024 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.pubDate.isoYear == 2024 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.pubDate.month >= 11 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.pubDate.day == 3 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.pubDate.isoWeek == 52 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.pubDate.weekday == 1 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.pubDate.isoWeekday == 1 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.pubDate.quarter == 2 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.modDate.date == leapDay }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.modDate.time > lateEvening }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.modDate.hour == 23 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.modDate.minute == 59 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.modDate.second == 30 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { $0.pubDate.start(of: .month) }.distinct().order {
                [$0.pubDate.start(of: .month).ascending]
            }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { $0.pubDate.start(of: .week) }.distinct().order {
                [$0.pubDate.start(of: .week).ascending]
            }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { $0.pubDate.start(of: .year) }.distinct().order {
                [$0.pubDate.start(of: .year).descending]
            }.all(in: db)
        }
    }

    // MARK: Other models

    private static func othermodels(_ list: inout [QueryRow]) {
        list.append { db in
            try await Entry.objects.filter { $0.blog.name == "Blog 3" }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.blog == Blog.ID(3) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.exclude { $0.blog.name == "Blog 3" }.all(in: db)
        }
        list.append { db in
            try await Author.objects.filter { $0.mentor.mentor.name.hasPrefix("Author 1") }.all(in: db)
        }
        list.append { db in
            try await Author.objects.exclude { $0.mentor.name == "Author 1" }.all(in: db)
        }
        list.append { db in
            try await Author.objects.filter { $0.mentor == nil }.all(in: db)
        }
        list.append { db in
            try await Blog.objects.filter { blog in
                .exists(Entry.objects.filter { $0.blog == blog.id && $0.rating == 5 })
            }.all(in: db)
        }
        list.append { db in
            try await Blog.objects.exclude { blog in
                .exists(Entry.objects.filter { $0.blog == blog.id && $0.headline.contains("Sea") })
            }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.authors.contains { $0.name == "Author 9" } }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.authors.contains(Author.ID(9)) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.id == Entry.ID(7) }.get(in: db).authors.objects.order {
                [$0.name.ascending]
            }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 }.selectRelated { $0.blog }.all(in: db)
        }
        list.append { db in
            try await Author.objects.selectRelated { $0.mentor }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.grouped(by: { $0.blog }, of: Blog.objects.all(in: db), in: db)
        }
        list.append { db in
            try await Author.objects.grouped(
                by: \.authors, of: Entry.objects.filter { $0.rating == 5 }.all(in: db), in: db)
        }
    }

    // MARK: Order, slices and combinations

    private static func orderslicescombinations(_ list: inout [QueryRow]) {
        list.append { db in
            try await Entry.objects.order { [$0.rating.descending, $0.headline.ascending, $0.id.ascending] }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.rating.descending(nulls: .last), $0.id.ascending] }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.blog.name.ascending, $0.id.descending] }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.headline.lowercased.ascending, $0.id.ascending] }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.id.ascending] }.reversed.all(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.id.ascending] }[5..<10].all(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.id.ascending] }[9990...].all(in: db)
        }
        list.append { db in
            try await Entry.objects.order { [$0.id.ascending] }[..<20][5...].all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 }.union(Entry.objects.filter { $0.rating == 4 }).order {
                [$0.id.ascending]
            }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 }.union(
                Entry.objects.filter { $0.isPublic == true }, keepsDuplicates: true
            ).all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 }.intersection(Entry.objects.filter { $0.isPublic == true })
                .all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 }.difference(Entry.objects.filter { $0.isPublic == true })
                .all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 }.filter { $0.isPublic == true }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 || $0.isPublic == true }.all(in: db)
        }
    }

    // MARK: Values and calculations

    private static func valuescalculations(_ list: inout [QueryRow]) {
        list.append { db in
            try await Entry.objects.select { ($0.id, $0.headline) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { ($0.id, $0.headline, $0.rating) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { $0.rating }.distinct().all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { ($0.headline, $0.blog.name) }.all(in: db)
        }
        list.append { db in
            try await Author.objects.select { ($0.name, $0.mentor.name) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { ($0.id, $0.headline) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.numberOfComments > $0.numberOfPingbacks }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.numberOfComments > $0.numberOfPingbacks * 2 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating < $0.numberOfComments + $0.numberOfPingbacks }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { ($0.id, $0.numberOfComments.remainder(by: 7)) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.headline.length > 6 }.select { ($0.id, $0.headline.length) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { $0.headline.uppercased }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { $0.headline.appending("!") }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { $0.rating.or(0) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { ($0.rating - 3).magnitude }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { Calculation.when($0.rating >= 4, then: "good", else: "other") }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.data.json("kind") == "a" }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.data.json("size", "w", as: Int.self) > 50 }.all(in: db)
        }
    }

    // MARK: Aggregates and groups

    private static func aggregatesgroups(_ list: inout [QueryRow]) {
        list.append { db in
            try await Entry.objects.aggregate(in: db) {
                ($0.rating.average, $0.rating.max, $0.rating.min, $0.rating.sum, $0.rating.count)
            }
        }
        list.append { db in
            try await Entry.objects.aggregate(in: db) { $0.rating.distinctCount }
        }
        list.append { db in
            try await Entry.objects.order { [$0.id.ascending] }[..<100].aggregate(in: db) { $0.numberOfComments.sum }
        }
        list.append { db in
            try await Entry.objects.aggregate(in: db) { entry in entry.id.count(where: entry.rating == 5) }
        }
        list.append { db in
            try await Entry.objects.select { ($0.rating, $0.id.count) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { ($0.blog.name, $0.id.count) }.filter { $0.id.count > 500 }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.select { ($0.pubDate.year, $0.rating.average) }.order {
                [$0.pubDate.year.ascending]
            }.all(in: db)
        }
        list.append { db in
            try await Blog.objects.annotate { blog in Subquery.count(Entry.objects.filter { $0.blog == blog.id }) }.all(
                in: db)
        }
        list.append { db in
            try await Blog.objects.annotate { blog in
                Subquery.count(Entry.objects.filter { $0.blog == blog.id && $0.rating == 5 })
            }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 }.annotate { $0.authors.count }.all(in: db)
        }
        list.append { db in
            try await Blog.objects.select { blog in
                (
                    blog.id,
                    Subquery.value(
                        Entry.objects.filter { $0.blog == blog.id }.order { [$0.modDate.descending, $0.id.descending] }
                            .select { $0.headline })
                )
            }.all(in: db)
        }
        list.append { db in
            try await Blog.objects.filter { blog in
                .exists(Entry.objects.filter { $0.blog == blog.id && $0.rating == 5 })
            }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.blog.isIn(Blog.objects.filter { $0.name.contains("1") }) }.all(in: db)
        }
        list.append { db in
            try await Entry.objects.filter {
                $0.rating.isIn(Entry.objects.filter { $0.isPublic == true }.select { $0.rating })
            }.all(in: db)
        }
    }

    // MARK: Changes

    private static func changes(_ list: inout [QueryRow]) {
        list.append { db in
            try await db.create(Blog.Draft(name: "New", tagline: ""))
        }
        list.append { db in
            try await db.create(all: (0..<5).map { Blog.Draft(name: "N\($0)", tagline: "") })
        }
        list.append { db in
            try await db.getOrCreate(
                Blog.objects.filter { $0.name == "Blog 3" }, Blog.Draft(name: "Blog 3", tagline: "x"))
        }
        list.append { db in
            try await db.getOrCreate(
                Blog.objects.filter { $0.name == "Blog 99" }, Blog.Draft(name: "Blog 99", tagline: "x"))
        }
        list.append { db in
            try await db.updateOrCreate(
                Blog.objects.filter { $0.name == "Blog 3" }, Blog.Draft(name: "Blog 3", tagline: "x")
            ) { $0.tagline = "x" }
        }
        list.append { db in
            try await Entry.objects.filter { $0.rating == 5 }.update(in: db) { [$0.headline.set(to: "Best")] }
        }
        list.append { db in
            try await Entry.objects.update(in: db) { [$0.numberOfComments.set(to: $0.numberOfComments + 1)] }
        }
        list.append { db in
            try await Entry.objects.filter { $0.blog.name == "Blog 3" }.update(in: db) { [$0.rating.set(to: nil)] }
        }
        list.append { db in
            try await db.delete(Entry.objects.filter { $0.id == Entry.ID(7) }.get(in: db))
        }
        list.append { db in
            try await Entry.objects.filter { $0.blog.name == "Blog 3" }.delete(in: db)
        }
        list.append { db in
            try await Blog.objects.filter { $0.name == "Blog 3" }.delete(in: db)
        }
        list.append { db in
            try await Author.objects.filter { $0.id <= Author.ID(3) }.delete(in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.id == Entry.ID(7) }.get(in: db).authors.add(
                [1, 2].map { Author.ID($0) }, in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.id == Entry.ID(7) }.get(in: db).authors.set(
                [1, 2].map { Author.ID($0) }, in: db)
        }
        list.append { db in
            try await Entry.objects.filter { $0.id == Entry.ID(7) }.get(in: db).authors.clear(in: db)
        }
    }
}
