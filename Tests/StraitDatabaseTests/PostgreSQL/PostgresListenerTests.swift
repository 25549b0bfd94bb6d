import PostgresServers
import StraitDatabase
import Testing

@Suite struct Notifications {
    private func notification(_ element: DatabaseNotifications.Element?) -> String? {
        if case .notification(let notification)? = element { notification.payload } else { nil }
    }

    @Test func `notifications arrive in order, and those of a transaction after its commit`() async throws {
        try await withPostgres { database in
            var iterator = try await database.notifications(on: "Orders; x").makeAsyncIterator()
            try await database.notify("Orders; x", "1")
            try await database.notify("other", "-")
            try? await database.atomic { inner in
                try await inner.notify("Orders; x", "never")
                throw CancellationError()
            }
            try await database.atomic { inner in
                try await inner.notify("Orders; x", "3")
                try await database.notify("Orders; x", "2")
            }
            var payloads: [String?] = []
            for _ in 0..<3 { payloads.append(notification(await iterator.next())) }
            #expect(payloads == ["1", "2", "3"])
        }
    }

    @Test func `after a lost connection, the listener learns that it may have missed some`() async throws {
        try await withPostgres { database in
            let notifications = try await database.notifications(on: "c")
            var iterator = notifications.makeAsyncIterator()
            try await database.notify("c", "1")
            #expect(notification(await iterator.next()) == "1")
            _ = try await database.numbers(
                """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = \
                current_database()
                """)
            #expect(await iterator.next() == .missed)
            try await database.notify("c", "2")
            #expect(notification(await iterator.next()) == "2")
            await database.stop()
            #expect(await iterator.next() == nil)
        }
    }

    @Test func `a listener that is too slow loses the newest notifications, which are counted`() async throws {
        try await withPostgres { database in
            let notifications = try await database.notifications(on: "c", limit: 200)
            for number in 0..<5 { try await database.notify("c", "\(number)") }
            await eventually { notifications.droppedCount == 2 }
            var elements: [String] = []
            for await element in notifications {
                elements.append(notification(element) ?? "missed")
                if elements.count == 4 { break }
            }
            #expect(elements == ["0", "1", "2", "missed"])
        }
    }

    @Test func `the connection of a released sequence is closed`() async throws {
        try await withPostgres { database in
            func count() async throws -> [Int64] {
                try await database.numbers(
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")
            }
            do {
                let notifications = try await database.notifications(on: "c")
                #expect(try await count() == [1])
                _ = notifications.droppedCount
            }
            try await eventually { try await count() == [0] }
        }
    }

    @Test func `a cancelled task ends its loop`() async throws {
        try await withPostgres { database in
            let notifications = try await database.notifications(on: "c")
            let task = Task { for await _ in notifications {} }
            task.cancel()
            await task.value
        }
    }

    @Test func `names and payloads over the limits, and SQLite, get clear errors`() async throws {
        try await withPostgres { database in
            let long = await #expect(throws: DatabaseError.self) {
                try await database.notify("c", String(repeating: "x", count: 8000))
            }
            #expect(long?.code == .limit)
            let name = await #expect(throws: DatabaseError.self) {
                _ = try await database.notifications(on: String(repeating: "x", count: 64))
            }
            #expect(name?.code == .limit)
        }
        let sqlite = Database(sqlite: ":memory:")
        let listening = await #expect(throws: DatabaseError.self) { _ = try await sqlite.notifications(on: "c") }
        #expect(listening?.description.hasPrefix("SQLite has no notifications. Use a channel layer") == true)
        await #expect(throws: DatabaseError.self) { try await sqlite.notify("c") }
        await sqlite.stop()
    }
}
