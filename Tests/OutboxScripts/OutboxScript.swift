import Glibc
package import StraitDatabase
package import StraitLayers
package import StraitOutbox
import StraitRedis

/// The parts that the test of the outbox and its programs share.
package enum OutboxScript {
    /// The groups of the messages.
    package static let groups = ["red", "green", "blue"]

    /// Layers over Redis whose channels hold all messages of a test.
    package static func layers(redis: String, prefix: String) throws -> ChannelLayers {
        var configuration = RedisLayerConfiguration(hosts: [try RedisHost(redis)])
        configuration.prefix = prefix
        configuration.capacity = ChannelCapacity(100_000)
        // Subscribers of a test read at its end, which may be more than a minute later.
        configuration.expiry = .seconds(3600)
        return ["default": RedisChannelLayer(configuration)]
    }

    /// Creates the table of the numbers.
    package static func prepare(_ database: Database) async throws {
        try await database.execute("CREATE TABLE numbers (name varchar(20) PRIMARY KEY, n integer NOT NULL)")
        for group in groups { try await database.execute("INSERT INTO numbers VALUES (\(group), 0)") }
    }

    /// Takes the next number of a group, and sends it to the group. Because of the row's lock, numbers have the order
    /// of the commits.
    package static func send(_ group: String, _ outbox: Outbox, _ database: Database) async throws {
        let number = try await database.query(
            "UPDATE numbers SET n = n + 1 WHERE name = \(group) RETURNING n", isWrite: true
        ) { row throws(DatabaseError) in try row.integer(0) }[0]
        let message: LayerMessage = ["type": "number", "group": .string(group), "n": .int(Int(number))]
        try await outbox.groupSend(group, message, in: database)
    }

    /// Returns the last committed number of each group.
    package static func numbers(_ database: Database) async throws -> [String: Int64] {
        let rows = try await database.query("SELECT name, n FROM numbers") { row throws(DatabaseError) in
            (try row.text(0), try row.integer(1))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Writes what was printed.
    package static func flush() { fflush(nil) }
}
