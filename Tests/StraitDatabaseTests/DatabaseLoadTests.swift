import Foundation
import StraitDatabase
import Testing

/// Many tasks that write and read at once. `make soak` runs them for longer (`STRAIT_SECONDS`).
@Suite struct `Databases under load` {
    private static let seconds = ProcessInfo.processInfo.environment["STRAIT_SECONDS"].flatMap(Double.init) ?? 2
    private static let tasks = 64

    @Test(.timeLimit(.minutes(15)), arguments: Engine.allCases)
    func `64 tasks write while 64 read, and nothing fails or stops`(_ engine: Engine) async throws {
        try await engine.withDatabase { database in
            try await database.execute("CREATE TABLE account (number integer PRIMARY KEY, balance integer NOT NULL)")
            for number in 0..<Self.tasks {
                try await database.execute("INSERT INTO account VALUES (\(number), \(100))")
            }
            let end = ContinuousClock.now + .seconds(Self.seconds)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<Self.tasks {
                    group.addTask {
                        var count = 0
                        while count == 0 || ContinuousClock.now < end {
                            try await Self.move(from: number, to: (number + 1) % Self.tasks, database)
                            count += 1
                        }
                        return count
                    }
                    group.addTask {
                        var count = 0
                        while count == 0 || ContinuousClock.now < end {
                            let sums = try await database.numbers("SELECT SUM(balance) FROM account")
                            // No reader sees a half of a transaction.
                            #expect(sums == [6400])
                            count += 1
                        }
                        return count
                    }
                }
                for try await count in group { #expect(count > 0) }
            }
        }
    }

    /// Moves one between accounts. Rows are locked in the order of their numbers, so that no two wait for each other.
    private static func move(from: Int, to: Int, _ database: Database) async throws {
        try await database.atomic { database in
            for number in [from, to].sorted() {
                let change = number == from ? -1 : 1
                try await database.execute(
                    "UPDATE account SET balance = balance + \(change) WHERE number = \(number)")
            }
        }
    }

    @Test func `readers of SQLite do not wait for a transaction that writes`() async throws {
        try await Engine.sqlite.withDatabase { database in
            try await database.execute("CREATE TABLE line (number integer)")
            try await database.execute("INSERT INTO line VALUES (1)")
            try await database.atomic { inner in
                try await inner.execute("UPDATE line SET number = 2")
                // The writer has the lock, and waits for these readers: if they waited for it, nothing would go on.
                try await withThrowingTaskGroup(of: [Int64].self) { group in
                    for _ in 0..<Self.tasks {
                        group.addTask {
                            try await database.numbers("SELECT number FROM line")
                        }
                    }
                    for try await numbers in group { #expect(numbers == [1]) }
                }
            }
        }
    }
}
