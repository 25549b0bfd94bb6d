import Foundation
import StraitCore
import StraitDatabase
import StraitModels
import Testing

@Model(table: "zoo_keeper") struct Keeper {
    var name: String
    @ForeignKey(onDelete: .setNull) var boss: Keeper.ID?
}

@Model(table: "zoo_animal") struct Animal {
    var name: String
    var age: Int
    var weight: Double?
    var isTame: Bool
    @ForeignKey(onDelete: .cascade) var keeper: Keeper.ID
}

@Suite struct Queries {
    /// Ann is Bob's boss. Ann keeps a lion and a 100%_ape, Bob an owl and an eel.
    private func withZoo(_ body: (Database) async throws -> Void) async throws {
        let database = Database(sqlite: ":memory:")
        try await database.execute("CREATE TABLE zoo_keeper (id INTEGER PRIMARY KEY, name TEXT, boss_id INTEGER)")
        try await database.execute(
            """
            CREATE TABLE zoo_animal (
                id INTEGER PRIMARY KEY, name TEXT, age INT, weight REAL, is_tame INT, keeper_id INT)
            """
        )
        try await database.execute("INSERT INTO zoo_keeper VALUES (1, 'Ann', NULL), (2, 'Bob', 1)")
        try await database.execute(
            """
            INSERT INTO zoo_animal VALUES
                (1, 'lion', 7, 190.5, 0, 1), (2, '100%_ape', 30, NULL, 1, 1), (3, 'owl', 3, 0.5, 1, 2),
                (4, 'eel', 7, NULL, 0, 2)
            """)
        try await body(database)
        await database.stop()
    }

    /// Expects the animals of these names in this order.
    private func expect(
        _ query: QuerySet<Animal>, _ database: Database, _ names: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await query.all(in: database).map(\.name)
        #expect(found == names, sourceLocation: sourceLocation)
    }

    private let names = ["lion", "100%_ape", "owl", "eel"]
    private let all = Animal.objects.order { [$0.id.ascending] }

    @Test func `rows are filtered by comparisons combined with and, or and not`() async throws {
        try await withZoo { zoo in
            try await expect(all, zoo, ["lion", "100%_ape", "owl", "eel"])
            try await expect(all.filter { $0.age == 7 }, zoo, ["lion", "eel"])
            try await expect(all.filter { $0.age > 3 && $0.age <= 7 }, zoo, ["lion", "eel"])
            try await expect(all.filter { $0.age < 5 || $0.isTame == true }, zoo, ["100%_ape", "owl"])
            try await expect(all.filter { $0.isTame != true }, zoo, ["lion", "eel"])
            try await expect(all.filter { $0.age == 7 }.filter { $0.name == "eel" }, zoo, ["eel"])
            try await expect(all.filter { $0.age.isIn(3...7) }, zoo, ["lion", "owl", "eel"])
            try await expect(all.filter { $0.name.isIn(["owl", "cat"]) }, zoo, ["owl"])
            try await expect(all.filter { $0.name.isIn([]) }, zoo, [])
            try await expect(all.exclude { $0.name.isIn([]) }, zoo, ["lion", "100%_ape", "owl", "eel"])
        }
    }

    @Test func `empty columns are found, and a negation includes them as in Django`() async throws {
        try await withZoo { zoo in
            try await expect(all.filter { $0.weight == nil }, zoo, ["100%_ape", "eel"])
            try await expect(all.filter { $0.weight != nil }, zoo, ["lion", "owl"])
            try await expect(all.exclude { $0.weight == 0.5 }, zoo, ["lion", "100%_ape", "eel"])
            try await expect(all.filter { $0.weight != 0.5 }, zoo, ["lion", "100%_ape", "eel"])
            // Each comparison is guarded by itself.
            try await expect(all.exclude { $0.weight == 0.5 || $0.name == "eel" }, zoo, ["lion", "100%_ape"])
            try await expect(all.exclude { $0.weight == 0.5 && $0.name == "eel" }, zoo, names)
            try await expect(all.exclude { !($0.weight == 0.5) }, zoo, ["owl"])
            try await expect(all.exclude { $0.weight.isIn([190.5]) }, zoo, ["100%_ape", "owl", "eel"])
        }
    }

    @Test func `text is searched, and pattern characters in it mean themselves`() async throws {
        try await withZoo { zoo in
            try await expect(all.filter { $0.name.contains("o") }, zoo, ["lion", "owl"])
            try await expect(all.filter { $0.name.contains("%_") }, zoo, ["100%_ape"])
            try await expect(all.filter { $0.name.contains("_") }, zoo, ["100%_ape"])
            try await expect(all.filter { $0.name.hasPrefix("e") }, zoo, ["eel"])
            try await expect(all.filter { $0.name.hasSuffix("l") }, zoo, ["owl", "eel"])
            try await expect(all.filter { $0.name == "x' OR 1=1 --" }, zoo, [])
        }
    }

    @Test func `columns of other models are reached over foreign keys`() async throws {
        try await withZoo { zoo in
            try await expect(all.filter { $0.keeper == Keeper.ID(2) }, zoo, ["owl", "eel"])
            try await expect(all.filter { $0.keeper.name == "Ann" }, zoo, ["lion", "100%_ape"])
            try await expect(all.filter { $0.keeper.boss.name == "Ann" }, zoo, ["owl", "eel"])
            try await expect(all.exclude { $0.keeper.boss.name == "Ann" }, zoo, ["lion", "100%_ape"])
            let query = Animal.objects.order { [$0.keeper.name.descending, $0.age.ascending] }
            try await expect(query, zoo, ["owl", "eel", "lion", "100%_ape"])
            // Two uses of one way need one join.
            let sql = all.filter { $0.keeper.name == "Ann" && $0.keeper.boss == nil }.description
            #expect(sql.components(separatedBy: "JOIN").count == 2)
        }
    }

    @Test func `a slice can be sliced, and first, get, count and exists respect filters`() async throws {
        try await withZoo { zoo in
            try await expect(all[1..<3], zoo, ["100%_ape", "owl"])
            try await expect(all[1...][1..<9], zoo, ["owl", "eel"])
            try await expect(all[..<3][2...], zoo, ["owl"])
            try await expect(all[3..<3], zoo, [])
            let (first, none) = (try await all.first(in: zoo), try await all.filter { $0.age > 99 }.first(in: zoo))
            #expect(first?.name == "lion" && none == nil)
            let owl = try await all.filter { $0.name == "owl" }.get(in: zoo)
            #expect(owl.keeper == Keeper.ID(2))
            await #expect(throws: QueryError.doesNotExist("Animal")) {
                try await all.filter { $0.age > 99 }.get(in: zoo)
            }
            await #expect(throws: QueryError.multipleObjects("Animal")) { try await all.get(in: zoo) }
            let counts = [
                try await all.count(in: zoo), try await all[1...].count(in: zoo),
                try await all.filter { $0.keeper.name == "Bob" }.count(in: zoo),
            ]
            #expect(counts == [4, 3, 2])
            let exist = (try await all.exists(in: zoo), try await all.filter { $0.age > 99 }.exists(in: zoo))
            #expect(exist == (true, false))
        }
    }

    @Test func `a slice cannot be filtered or sorted, and cannot begin before the first row`() async throws {
        try await withZoo { zoo in
            let filtered = await #expect(throws: QueryError.sliced("filter")) {
                try await all[..<2].filter { $0.age > 1 }.all(in: zoo)
            }
            #expect(
                filtered?.description == "filter cannot follow a slice. Call filter first, and then take the slice.")
            await #expect(throws: QueryError.sliced("order")) {
                try await all[1...].order { [$0.age.ascending] }.count(in: zoo)
            }
            await #expect(throws: QueryError.invalidSlice(-20)) { try await all[(-20)..<0].all(in: zoo) }
            await #expect(throws: QueryError.invalidSlice(.max)) { try await all[1...][Int.max...].all(in: zoo) }
        }
    }

    @Test func `conditions on rows and on groups can be joined`() async throws {
        try await withZoo { zoo in
            let groups = try await Animal.objects.select { ($0.keeper, $0.id.count) }
                .filter { $0.isTame == true && $0.id.count > 0 && $0.age > 0 }
                .order { [$0.keeper.ascending] }.all(in: zoo)
            #expect(groups.map(\.1) == [1, 1])
        }
    }

    @Test func `a calculation that handles empty columns is negated exactly`() async throws {
        try await withZoo { zoo in
            try await expect(all.filter { $0.weight.or(0.5) == 0.5 }, zoo, ["100%_ape", "owl", "eel"])
            try await expect(all.exclude { $0.weight.or(0.5) == 0.5 }, zoo, ["lion"])
        }
    }

    @Test func `combined queries are combined in their order, and counted as rows`() async throws {
        try await withZoo { zoo in
            let (tame, old, owl) = (
                Animal.objects.filter { $0.isTame == true }, Animal.objects.filter { $0.age > 5 },
                Animal.objects.filter { $0.name == "owl" }
            )
            try await expect(
                tame.difference(old.union(owl)).order { [$0.id.ascending] }, zoo, [])
            try await expect(tame.union(old).intersection(owl).order { [$0.id.ascending] }, zoo, ["owl"])
            let both = try await old.intersection(owl).exists(in: zoo)
            let only = try await tame.difference(owl).exists(in: zoo)
            #expect(!both && only)
            let counts = try await Keeper.objects.order { [$0.id.ascending] }.select { _ in
                (Subquery.count(tame.union(old)), Subquery.count(all[..<2]))
            }.all(in: zoo)
            #expect(counts.map(\.0) == [4, 4] && counts.map(\.1) == [2, 2])
        }
    }

    @Test func `a row is read again, and an update without changes does nothing`() async throws {
        try await withZoo { zoo in
            let owl = try await Animal.objects.filter { $0.name == "owl" }.get(in: zoo)
            try await zoo.execute("UPDATE zoo_animal SET age = 4 WHERE name = 'owl'")
            let again = try await zoo.refresh(owl)
            #expect(again.age == 4)
            let changed = try await Animal.objects.update(in: zoo) { _ in [] }
            #expect(changed == 0)
        }
    }

    @Test func `a query can be a subquery of itself`() async throws {
        try await withZoo { zoo in
            // Animals of which another one is as old.
            let sameAge = all.filter { one in .exists(all.filter { $0.age == one.age && $0.id != one.id }) }
            try await expect(sameAge, zoo, ["lion", "eel"])
            let young = all.filter { $0.age < 10 }
            let older = young.filter { one in .exists(young.filter { $0.age > one.age }) }
            try await expect(older, zoo, ["owl"])
            let counts = try await all.select { one in Subquery.count(all.filter { $0.keeper == one.keeper }) }
                .all(in: zoo)
            #expect(counts == [2, 2, 2, 2])
            await #expect(throws: QueryError.foreignColumn("age")) {
                let other = Animal.objects
                var column: Column<Int>?
                _ = other.filter {
                    column = $0.age
                    return $0.age > 1
                }
                let leaked = try #require(column)
                _ = try await all.filter { $0.age == leaked }.all(in: zoo)
            }
        }
    }

    @Test func `pages follow each other without a gap, even across equal and empty values`() async throws {
        try await withZoo { zoo in
            let queries = [
                Animal.objects, Animal.objects.order { [$0.weight.ascending] },
                Animal.objects.order { [$0.weight.descending] },
                Animal.objects.order { [$0.weight.ascending(nulls: .last), $0.name.descending] },
                Animal.objects.order { [$0.weight.descending(nulls: .first), $0.age.ascending] },
                Animal.objects.order { [$0.age.descending] }, Animal.objects.order { [$0.keeper.name.ascending] },
            ]
            for query in queries {
                for size in 1...5 {
                    var names: [String] = []
                    var cursor: PageCursor?
                    repeat {
                        let page = try await query.page(after: cursor, size: size, in: zoo)
                        #expect(page.rows.count <= size && !page.rows.isEmpty)
                        names += page.rows.map(\.name)
                        cursor = page.next.flatMap { PageCursor($0.description) }
                        #expect((page.next == nil) == (cursor == nil))
                    } while cursor != nil
                    #expect(names.sorted() == ["100%_ape", "eel", "lion", "owl"])
                    let first = try await query.page(after: nil, size: 9, in: zoo)
                    #expect(first.rows.map(\.name) == names)
                }
            }
        }
    }

    @Test func `a cursor that was changed is an error or another place`() async throws {
        try await withZoo { zoo in
            #expect(PageCursor("") == nil && PageCursor("%%%") == nil && PageCursor("eyJhIjoxfQ") == nil)
            let page = try await Animal.objects.order { [$0.age.ascending] }.page(after: nil, size: 1, in: zoo)
            let cursor = try #require(page.next)
            await #expect(throws: QueryError.invalidCursor) {
                try await Animal.objects.page(after: cursor, size: 1, in: zoo)
            }
        }
    }

    @Test func `first sorts by ID if there is no order`() async throws {
        try await withZoo { zoo in
            let first = try await Animal.objects.filter { $0.age > 3 }.first(in: zoo)
            #expect(first?.name == "lion")
        }
    }

    @Test func `the SQL of a query can be printed`() {
        let query = Animal.objects.filter { $0.keeper.name == "Ann" && $0.age > 3 }.order { [$0.age.descending] }[..<5]
        #expect(
            query.description == """
                SELECT "zoo_animal"."id", "zoo_animal"."name", "zoo_animal"."age", "zoo_animal"."weight", \
                "zoo_animal"."is_tame", "zoo_animal"."keeper_id" FROM "zoo_animal" INNER JOIN "zoo_keeper" AS "T1" ON \
                "zoo_animal"."keeper_id" = "T1"."id" WHERE ("T1"."name" = $1 AND "zoo_animal"."age" > $2) ORDER BY \
                "zoo_animal"."age" DESC LIMIT $3 -- ["Ann", 3, 5]
                """)
    }

    @Test func `rows are created, changed and deleted`() async throws {
        try await withZoo { zoo in
            let cat = try await zoo.create(Animal.Draft(name: "cat", age: 1, isTame: true, keeper: Keeper.ID(1)))
            #expect(cat.id == Animal.ID(5) && cat.weight == nil && cat.name == "cat")
            var older = cat
            older.age += 1
            older.weight = 4.5
            try await zoo.save(older)
            let stored = try await Animal.objects.filter { $0.id == cat.id }.get(in: zoo)
            #expect(stored.age == 2 && stored.weight == 4.5)
            try await zoo.delete(stored)
            try await zoo.delete(stored)
            let count = try await Animal.objects.count(in: zoo)
            #expect(count == 4)
            await #expect(throws: QueryError.doesNotExist("Animal")) { try await zoo.save(older) }
        }
    }
}
