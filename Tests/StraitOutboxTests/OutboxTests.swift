import Foundation
import OutboxScripts
import PostgresServers
import RedisServers
import StraitCore
import StraitDatabase
import StraitLayers
import StraitOutbox
import StraitTesting
import TestFolders
import Testing

/// Messages that are stored with rows, on both engines.
@Suite struct Outboxes {
    private struct Failure: Error {}

    enum Engine: CaseIterable { case sqlite, postgreSQL }

    /// Calls `body` with the URL of a new database.
    private func withURL(_ engine: Engine, _ body: (String) async throws -> Void) async throws {
        switch engine {
        case .sqlite: try await withTemporaryFolder { try await body("sqlite:///" + $0 + "/outbox.db") }
        case .postgreSQL:
            let server = try await PostgresServer.shared
            try await body(server.url(try await server.makeDatabase()))
        }
    }

    /// Calls `body` with an outbox on a layer in memory, and a channel that is in the group `red`.
    private func withOutbox(
        _ engine: Engine, _ body: (Outbox, Database, InMemoryChannelLayer, String) async throws -> Void
    ) async throws {
        try await withURL(engine) { url in
            let database = try Database(url: url)
            let layer = InMemoryChannelLayer()
            let outbox = Outbox(database: database, layers: ["default": layer], interval: .milliseconds(10))
            try await outbox.start(in: .none)
            let channel = try await layer.newChannel()
            try await layer.groupAdd("red", channel)
            try await body(outbox, database, layer, channel)
            await outbox.stop()
            await database.stop()
        }
    }

    private func message(_ text: String) -> LayerMessage { ["type": "note", "text": .string(text)] }

    @Test(arguments: Engine.allCases)
    func `a message is published after the commit, and never after a rollback`(engine: Engine) async throws {
        try await withOutbox(engine) { outbox, database, layer, channel in
            await #expect(throws: Failure.self) {
                try await database.atomic { database in
                    try await outbox.groupSend("red", message("lost"), in: database)
                    throw Failure()
                }
            }
            try await database.atomic { database in
                try await outbox.groupSend("red", message("a"), in: database)
                // A part that is rolled back takes its messages with it.
                try? await database.atomic { inner in
                    try await outbox.groupSend("red", message("lost"), in: inner)
                    throw Failure()
                }
                try await database.atomic { try await outbox.groupSend("red", message("b"), in: $0) }
            }
            try await outbox.groupSend("red", message("c"), in: database)
            for text in ["a", "b", "c"] {
                let received = try await layer.receive(channel)
                #expect(received == message(text))
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `messages of a process that has ended are published by the next one`(engine: Engine) async throws {
        try await withOutbox(engine) { outbox, database, layer, channel in
            // Without a start, nothing is published.
            let ended = Outbox(database: database, layers: ["default": InMemoryChannelLayer()])
            await outbox.stop()
            try await ended.groupSend("red", message("left"), in: database)
            let next = Outbox(database: database, layers: ["default": layer])
            try await next.start(in: .none)
            let received = try await layer.receive(channel)
            #expect(received == message("left"))
            await next.stop()
        }
    }

    @Test func `a message that cannot be sent is an error of the sender`() async throws {
        let database = Database(sqlite: ":memory:")
        let outbox = Outbox(database: database, layers: ChannelLayers())
        await #expect(throws: LayerError.self) { try await outbox.groupSend("not valid", message("x"), in: database) }
        await #expect(throws: LayerError.self) {
            try await outbox.groupSend("red", ["type": "x", "data": .bytes([1])] as LayerMessage, in: database)
        }
        await database.stop()
    }

    @Test(arguments: Engine.allCases)
    func `an invalid row is dropped and counted, and a missing layer is retried`(engine: Engine)
        async throws
    {
        try await withOutbox(engine) { outbox, database, layer, channel in
            try await database.execute(
                "INSERT INTO strait_outbox (layer, group_name, message) VALUES ('default', 'red', 'no JSON')")
            try await outbox.groupSend("red", message("after"), in: database)
            let received = try await layer.receive(channel)
            #expect(received == message("after"))
            let failures = outbox.metrics().last?.value
            #expect(failures == 1)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a message waits for the commits of earlier ones of its group, and not for other groups`() async throws {
        try await withOutbox(.postgreSQL) { outbox, database, layer, channel in
            try await layer.groupAdd("green", channel)
            let (stored, isStored) = AsyncStream<Void>.makeStream()
            let (released, release) = AsyncStream<Void>.makeStream()
            let first = Task {
                try await database.atomic { database in
                    try await outbox.groupSend("red", message("first"), in: database)
                    // Runs after the message is stored, and before the commit.
                    database.beforeCommit(0, kind: "test") { _, _ in
                        isStored.finish()
                        for await _ in released {}
                    }
                }
            }
            for await _ in stored {}
            let second = Task { try await outbox.groupSend("red", message("second"), in: database) }
            var received: [LayerMessage] = []
            for _ in 0..<20 {
                try await outbox.groupSend("green", message("other"), in: database)
                received.append(try await layer.receive(channel))
            }
            release.finish()
            try await first.value
            try await second.value
            for _ in 0..<2 { received.append(try await layer.receive(channel)) }
            let others = Array(repeating: "other", count: 20)
            #expect(received == (others + ["first", "second"]).map(message))
        }
    }

    /// Two processes commit random transactions with messages and are killed again and again. Subscribers get exactly
    /// the committed messages, in order.
    @Test(.timeLimit(.minutes(5)), arguments: Engine.allCases)
    func `killed processes lose and repeat no message, and keep the order`(engine: Engine) async throws {
        try await withURL(engine) { url in
            let redis = try await RedisServer.shared.url
            let prefix = "outbox-\(UUID())"
            let database = try Database(url: url)
            try await OutboxScript.prepare(database)
            let layers = try OutboxScript.layers(redis: redis, prefix: prefix)
            let layer = try layers.layer()
            let channel = try await layer.newChannel()
            for group in OutboxScript.groups { try await layer.groupAdd(group, channel) }
            let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let path = URL(filePath: program).deletingLastPathComponent().appending(path: "OutboxProgram").path
            try await withThrowingTaskGroup { tasks in
                for process in 0..<2 {
                    tasks.addTask {
                        for seed in Seeds(10) where seed % 2 == UInt64(process) {
                            var random = SeededGenerator(seed: seed)
                            let child = try RunningProgram(path, [url, redis, prefix, "\(seed)"])
                            for _ in 0..<Int.random(in: 1...15, using: &random) {
                                let line = await child.line()
                                if line.isEmpty { Issue.record("The program ended: \(await child.errorLine())") }
                            }
                            await child.kill()
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            // The next process publishes what the killed ones have left.
            let outbox = Outbox(database: database, layers: layers, interval: .milliseconds(20))
            try await outbox.start(in: .none)
            for group in OutboxScript.groups {
                try await outbox.groupSend(
                    group, ["type": "end", "group": .string(group)] as LayerMessage, in: database)
            }
            var received: [String: [Int64]] = [:]
            var ended = 0
            while ended < OutboxScript.groups.count {
                let message = try await layer.receive(channel)
                let group = message["group"]?.string ?? ""
                if message.type == "end" {
                    ended += 1
                } else {
                    received[group, default: []].append(Int64(message["n"]?.int ?? 0))
                }
            }
            for (group, count) in try await OutboxScript.numbers(database) {
                let numbers = received[group, default: []]
                // The whole lists would fill the log.
                let place = zip(numbers, 1...).first { $0 != $1 }?.1
                #expect(place == nil && numbers.count == Int(count), "\(group): wrong at message \(place ?? 0)")
                #expect(count > 0)
            }
            await outbox.stop()
            await layers.stop()
            await database.stop()
        }
    }
}
