import PostgresServers
import StraitDatabase
import StraitModels
import StraitTesting

/// Calls `body` with a database of each engine, which has the tables of models.
func onBothEngines(_ models: [any Model.Type], _ body: (Database) async throws -> Void) async throws {
    try await TestDatabase.run(with: models) { database in try await body(database) }
    let server = try await PostgresServer.shared
    let url = server.url(try await server.makeDatabase())
    try await TestDatabase.run(with: models, on: url) { database in try await body(database) }
}
