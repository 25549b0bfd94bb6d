import PostgresServers
import StraitDatabase
import StraitModels
import StraitTesting
import Testing

@Model(app: "queue") struct Job {
    var name: String
}

/// Locks of rows in PostgreSQL, between two transactions.
@Suite struct `Locked rows` {
    private func withJobs(_ body: (Database) async throws -> Void) async throws {
        let server = try await PostgresServer.shared
        let url = server.url(try await server.makeDatabase())
        try await TestDatabase.run(with: [Job.self], on: url) { database in
            _ = try await database.create(all: ["a", "b"].map { Job.Draft(name: $0) })
            try await body(database)
        }
    }

    private func next(_ database: Database) async throws -> [String] {
        let jobs = Job.objects.order { [$0.id.ascending] }.lockedForUpdate(skipsLocked: true)
        return try await jobs[..<1].all(in: database).map(\.name)
    }

    @Test func `two transactions take different rows of a queue`() async throws {
        try await withJobs { database in
            try await database.atomic { first in
                let taken = try await next(first)
                #expect(taken == ["a"])
                try await database.atomic { second in
                    let other = try await next(second)
                    #expect(other == ["b"])
                    try await database.atomic { third in
                        let none = try await next(third)
                        #expect(none.isEmpty)
                    }
                }
            }
        }
    }

    @Test func `a locked row can be an error at once`() async throws {
        try await withJobs { database in
            try await database.atomic { first in
                _ = try await next(first)
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.atomic { second in
                        _ = try await Job.objects.filter { $0.name == "a" }.lockedForUpdate(failsIfLocked: true)
                            .all(in: second)
                    }
                }
                #expect(error?.code == .busy)
            }
        }
    }
}
