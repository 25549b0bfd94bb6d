import StraitDatabase
import StraitModels
import Testing

@Model(app: "groups") struct Team {
    var name: String
    var rank: Int?
}

@Model(app: "groups") struct Game {
    @ForeignKey(onDelete: .cascade) var team: Team.ID
    @ForeignKey(onDelete: .setNull) var guest: Team.ID?
    var points: Int?
    @JSON var facts: [String: Int]
}

/// Queries whose rows are groups, or are read in a subquery.
@Suite struct Groups {
    /// Team a has the games with 3, 4 and no points, b one with 5, and c none. Only the first game has a guest: c.
    private func withGames(_ body: (Database) async throws -> Void) async throws {
        try await onBothEngines([Team.self, Game.self]) { database in
            let teams = try await database.create(all: [
                Team.Draft(name: "a", rank: 1), Team.Draft(name: "b"), Team.Draft(name: "c", rank: 3),
            ])
            _ = try await database.create(all: [
                Game.Draft(team: teams[0].id, guest: teams[2].id, points: 3, facts: ["n": 2]),
                Game.Draft(team: teams[0].id, points: 4, facts: [:]), Game.Draft(team: teams[0].id, facts: ["n": 1]),
                Game.Draft(team: teams[1].id, points: 5, facts: [:]),
            ])
            try await body(database)
        }
    }

    @Test func `rows that are filtered by an aggregate are counted as they are read`() async throws {
        try await withGames { database in
            let query = Game.objects.filter { $0.points.sum > 3 }
            let rows = try await query.all(in: database).count
            let count = try await query.count(in: database)
            let none = Game.objects.filter { $0.points.sum > 9 }
            let (isThere, isNone) = (try await query.exists(in: database), try await none.exists(in: database))
            let noCount = try await none.count(in: database)
            #expect(rows == 2 && count == 2 && isThere && !isNone && noCount == 0)
            let (sum, all) = try await query.aggregate(in: database) { ($0.points.sum, $0.id.count) }
            #expect(sum == 9 && all == 2)
            let teams = try await Team.objects.order { [$0.name.ascending] }.annotate { team in
                Subquery.count(Game.objects.filter { $0.team == team.id && $0.points.sum > 3 })
            }.all(in: database)
            #expect(teams.map(\.1) == [1, 1, 0])
            let found = try await Team.objects.filter { team in
                .exists(Game.objects.filter { $0.team == team.id && $0.points.sum > 4 })
            }.all(in: database)
            #expect(found.map(\.name) == ["b"])
        }
    }

    @Test func `rows that are filtered by an aggregate are changed and deleted alone`() async throws {
        try await withGames { database in
            let changed = try await Game.objects.filter { $0.points.sum > 3 }.update(in: database) {
                [$0.points.set(to: 9)]
            }
            let deleted = try await Game.objects.filter { $0.points.max == 3 }.delete(in: database).count
            let points = try await Game.objects.order { [$0.id.ascending] }.select { $0.points }.all(in: database)
            #expect(changed == 2 && deleted == 1 && points == [9, nil, 9])
        }
    }

    @Test func `a negated condition on an aggregate includes groups without a value`() async throws {
        try await withGames { database in
            let sums = Game.objects.order { [$0.team.ascending] }.select { ($0.team, $0.points.sum) }
            let others = try await sums.filter { $0.points.sum != 7 }.all(in: database)
            #expect(others.map(\.1) == [5])
            let byGame = Game.objects.order { [$0.id.ascending] }.select { ($0.id, $0.points.max) }
            let games = try await byGame.filter { !($0.points.max == 3) }.all(in: database)
            #expect(games.map(\.1) == [4, nil, 5])
        }
    }

    @Test func `a locked query and one with distinct rows can be counted`() async throws {
        try await withGames { database in
            try await database.atomic { database in
                let locked = Game.objects.lockedForUpdate()
                let (count, isThere) = (try await locked.count(in: database), try await locked.exists(in: database))
                let greatest = try await locked.aggregate(in: database) { $0.points.max }
                let slice = try await locked[..<2].aggregate(in: database) { $0.id.count }
                #expect(count == 4 && isThere && greatest == 5 && slice == 2)
                let rest = Game.objects.distinct()[3...]
                let isMore = try await rest.exists(in: database)
                #expect(isMore)
            }
        }
    }

    @Test func `the first rows of groups are aggregated, and not all`() async throws {
        try await withGames { database in
            let first = Game.objects.order { [$0.team.ascending, $0.id.ascending] }.distinct { [$0.team] }
            if database.engine == .postgreSQL {
                let (count, sum) = try await first.aggregate(in: database) { ($0.id.count, $0.points.sum) }
                #expect(count == 2 && sum == 8)
            } else {
                let error = await #expect(throws: QueryError.self) { _ = try await first.all(in: database) }
                #expect(
                    error?.description
                        == "SQLite has no distinct(on:). Use PostgreSQL, or a condition with a subquery.")
            }
        }
    }

    @Test func `rows are excluded by a query that returns empty values`() async throws {
        try await withGames { database in
            let guests = Game.objects.select { $0.guest }
            let teams = Team.objects.order { [$0.name.ascending] }
            let never = try await teams.exclude { $0.id.isIn(guests) }.all(in: database)
            let some = try await teams.filter { $0.id.isIn(guests) }.all(in: database)
            #expect(never.map(\.name) == ["a", "b"] && some.map(\.name) == ["c"])
        }
    }

    @Test func `conditions are compared with each other and with columns`() async throws {
        try await withGames { database in
            let games = Game.objects.order { [$0.id.ascending] }
            let same = try await games.filter { ($0.points == 3) == ($0.guest != nil) }.all(in: database)
            // The comparison with the empty column is neither equal nor unequal.
            #expect(same.map(\.points) == [3, 4, 5])
            let isThree = try await games.select { Calculation.when($0.points == 3, then: 1, else: 0) }.all(
                in: database)
            #expect(isThree == [1, 0, 0, 0])
        }
    }

    @Test func `pages show rows without a value of a calculation`() async throws {
        try await withGames { database in
            for query in [
                Game.objects.order { [$0.facts.json("n", as: Int.self).ascending(nulls: .last)] },
                Game.objects.order { [$0.facts.json("n", as: Int.self).descending] },
            ] {
                var ids: [Game.ID] = []
                var cursor: PageCursor?
                repeat {
                    let page = try await query.page(after: cursor, size: 1, in: database)
                    ids += page.rows.map(\.id)
                    cursor = page.next
                } while cursor != nil && ids.count < 9
                #expect(Set(ids).count == 4 && ids.count == 4)
            }
        }
    }
}
