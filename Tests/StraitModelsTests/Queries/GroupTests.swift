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
    var isHigh: Bool = false

    static let options: [ModelOption<Game>] = [
        .check("few") { Calculation.when($0.points > 99, then: 0, else: 1) == 1 }
    ]
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

    @Test func `rows are excluded by any query that returns empty values`() async throws {
        try await withGames { database in
            let games = Game.objects.order { [$0.id.ascending] }
            let best = Game.objects.select { $0.points.max }
            let none = Game.objects.filter { $0.points > 9 }.select { $0.points.max }
            let last = games[2...].select { $0.points }
            let all = games.filter { $0.points == 3 }.union(games.filter { $0.points == nil }).select { $0.points }
            let doubled = games.select { $0.points * 2 }
            func others(_ values: Selection<Game, Int?>) async throws -> [Int?] {
                let kept = try await games.exclude { $0.points.isIn(values) }.all(in: database)
                let chosen = try await games.filter { $0.points.isIn(values) }.count(in: database)
                #expect(kept.count + chosen == 4)
                return kept.map(\.points)
            }
            var results = [try await others(best), try await others(none), try await others(last)]
            results += [try await others(all), try await others(doubled)]
            #expect(results[0] == [3, 4, nil] && results[1] == [3, 4, nil, 5] && results[2] == [3, 4, nil])
            #expect(results[3] == [4, nil, 5] && results[4] == [3, 4, nil, 5])
            // A correlated query, which the database runs for each row of the one around it.
            let teams = try await Team.objects.order { [$0.name.ascending] }.exclude { team in
                team.rank.isIn(Game.objects.filter { $0.team == team.id }.select { $0.points.min })
            }.all(in: database)
            #expect(teams.map(\.name) == ["a", "b", "c"])
        }
    }

    @Test func `the first rows of groups are compared, also if their value is empty`() async throws {
        try await withGames { database in
            guard database.engine == .postgreSQL else { return }
            let first = Game.objects.order { [$0.team.ascending, $0.id.descending] }.distinct { [$0.team] }
            let games = Game.objects.order { [$0.id.ascending] }
            let chosen = try await games.filter { $0.points.isIn(first.select { $0.points }) }.all(in: database)
            let others = try await games.exclude { $0.points.isIn(first.select { $0.points }) }.all(in: database)
            // The last game of team a has no points.
            #expect(chosen.map(\.points) == [5] && others.map(\.points) == [3, 4, nil])
        }
    }

    @Test func `groups and distinct values are sorted by conditions`() async throws {
        try await withGames { database in
            let isOpen = try await Game.objects.select { ($0.points == nil, $0.id.count) }
                .order { [($0.points == nil).descending] }.all(in: database)
            #expect(isOpen.map(\.0) == [true, false] && isOpen.map(\.1) == [1, 3])
            let isHigh = try await Game.objects.select { ($0.points > 3, $0.id.count) }
                .order { [($0.points > 3).ascending] }.all(in: database)
            #expect(isHigh.map(\.0) == [false, true] && isHigh.map(\.1) == [2, 2])
            let flags = try await Game.objects.select { $0.points > 3 }.distinct()
                .order { [($0.points > 3).descending] }.all(in: database)
            #expect(flags == [true, false])
            let sums = try await Game.objects.select { ($0.id.count, $0.team, $0.points * 0) }
                .order { [($0.points * 0).ascending(nulls: .first), $0.team.ascending] }.all(in: database)
            #expect(sums.map(\.0) == [1, 2, 1])
            let high = Game.objects.order { [($0.points > 3).descending, $0.id.ascending] }
            let page = try await high.distinct().page(after: nil, size: 4, in: database)
            #expect(page.rows.map(\.points) == [4, 5, 3, nil])
            if database.engine == .postgreSQL {
                let firsts = Game.objects.order { [($0.points == $0.points).descending, $0.id.ascending] }
                let two = try await firsts.distinct { [$0.points == $0.points] }.all(in: database)
                #expect(two.map(\.points) == [3, nil])
            }
        }
    }

    @Test func `a condition on an empty column is stored as false`() async throws {
        try await withGames { database in
            try await Game.objects.update(in: database) { [$0.isHigh.set(to: $0.points > 3)] }
            let flags = try await Game.objects.order { [$0.id.ascending] }.all(in: database).map(\.isHigh)
            #expect(flags == [false, true, false, true])
        }
    }

    @Test func `a choice between values has a value for an empty column`() async throws {
        try await withGames { database in
            func isThree(_ game: Game.Columns) -> Condition {
                Calculation.when(game.points == 3, then: 1, else: 0) == 0
            }
            let with = try await Game.objects.filter(isThree).count(in: database)
            let without = try await Game.objects.exclude(isThree).count(in: database)
            #expect(with == 3 && without == 1)
        }
    }

    @Test func `a condition is in parentheses only where it is compared`() throws {
        let choice = Game.objects.filter { Calculation.when($0.points > 3, then: 1, else: 0) == 1 }.description
        #expect(
            Game.table.constraints.map(\.kind) == [.check("CASE WHEN \"points\" > 99 THEN 0 ELSE 1 END = 1")])
        #expect(choice.contains("CASE WHEN \"groups_game\".\"points\" > $1 THEN"))
        let count = Game.objects.select { $0.id.count(where: $0.points > 3) }
        let text = try count.sql(for: .sqlite).description
        #expect(text.contains("FILTER (WHERE \"groups_game\".\"points\" > $1)"))
        let compared = Game.objects.filter { ($0.points > 3) == ($0.points < 3) }.description
        #expect(compared.contains("(\"groups_game\".\"points\" > $1) = (\"groups_game\".\"points\" < $2)"))
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

    @Test func `pages show rows without a value of a calculation or a condition`() async throws {
        try await withGames { database in
            for query in [
                Game.objects.order { [$0.facts.json("n", as: Int.self).ascending(nulls: .last)] },
                Game.objects.order { [$0.facts.json("n", as: Int.self).descending] },
                Game.objects.order { [($0.points > 3).ascending] },
                Game.objects.order { [($0.points > 3).descending(nulls: .first)] },
                Game.objects.order { [($0.points > 3 || $0.guest != nil).ascending, (!($0.points == 4)).ascending] },
                Game.objects.order { [($0.points == nil).ascending, $0.points.descending] },
            ] {
                var ids: [Game.ID] = []
                var cursor: PageCursor?
                repeat {
                    let page = try await query.page(after: cursor, size: 1, in: database)
                    ids += page.rows.map(\.id)
                    cursor = page.next
                } while cursor != nil && ids.count < 9
                let all = try await query.page(after: nil, size: 9, in: database).rows.map(\.id)
                #expect(ids == all && Set(ids).count == 4)
            }
        }
    }
}
