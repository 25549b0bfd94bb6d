import OutboxScripts
import StraitCore
import StraitDatabase
import StraitLayers
import StraitOutbox
import StraitRedis

/// A process that commits random transactions with group messages until it is killed. It prints a line after each.
///
///     OutboxProgram DATABASE REDIS PREFIX SEED
@main struct OutboxProgram {
    private struct RollBack: Error {}

    static func main() async throws {
        let arguments = CommandLine.arguments
        let database = try Database(url: arguments[1])
        let layers = try OutboxScript.layers(redis: arguments[2], prefix: arguments[3])
        let outbox = Outbox(database: database, layers: layers, interval: .milliseconds(20))
        try await outbox.start(in: .none)
        var random = SeededGenerator(seed: UInt64(arguments[4]) ?? 0)
        while true {
            let groups = OutboxScript.groups.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random))
            let (fails, losesPart) = (Int.random(in: 0..<5, using: &random) == 0, Bool.random(using: &random))
            do {
                try await database.atomic(retries: 10) { database in
                    for group in groups { try await OutboxScript.send(group, outbox, database) }
                    if losesPart {
                        try? await database.atomic { inner in
                            try await OutboxScript.send(groups[0], outbox, inner)
                            throw RollBack()
                        }
                    }
                    if fails { throw RollBack() }
                }
                print("committed")
            } catch is RollBack {
                print("rolled back")
            }
            OutboxScript.flush()
        }
    }
}
