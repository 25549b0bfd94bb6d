import PostgresServers
import StraitDatabase
import StraitModels
import TestFolders
import Testing

@testable import StraitMigrations

/// Returns the tables that operations create.
///
/// - Parameter other: The name of a model of another app that exists.
func tables(
    _ operations: [MigrationOperation], of app: String = "zoo", beside other: ModelName? = nil
) throws -> [ModelTable] {
    var state = ProjectState()
    if let other { state.tables[other] = ModelTable(other, fields: []) }
    for operation in operations { try state.apply(operation, in: app) }
    return state.sorted.filter { $0.model != other }
}

/// Returns a migration of the app `zoo`, or of the app before a point.
func node(_ name: String, after dependencies: [String] = [], _ operations: [MigrationOperation] = []) -> MigrationNode {
    func full(_ name: String) -> MigrationName { MigrationName(name) ?? MigrationName(app: "zoo", name: name) }
    return MigrationNode(full(name), dependencies: dependencies.map(full), operations: operations)
}

/// A questioner with fixed answers.
struct Answers: Questioner {
    var renames = true
    var value: DatabaseDefault? = ""

    func isRenamed(_ old: ModelName, to new: ModelName) -> Bool { renames }
    func isRenamed(_ old: ModelField, to new: ModelField, of model: ModelName) -> Bool { renames }
    func value(for field: ModelField, of model: ModelName, isNew: Bool) -> DatabaseDefault? { value }
}

/// The engines that a test runs on.
enum Engine: CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgreSQL

    var testDescription: String { self == .sqlite ? "SQLite" : "PostgreSQL" }

    /// Calls `body` with an empty database and its URL.
    func withDatabase(_ body: (Database, String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let url: String
            switch self {
            case .sqlite: url = "sqlite:///" + folder + "/test.db"
            case .postgreSQL:
                let server = try await PostgresServer.shared
                let name = try await server.makeDatabase()
                url = "postgres://\(PostgresServer.user)@/\(name)?host=\(server.folder)&port=\(server.port)"
            }
            let database = try Database(url: url)
            try await body(database, url)
            await database.stop()
        }
    }
}

extension Database {
    /// The values of a query's first column.
    func texts(_ sql: SQL) async throws -> [String] {
        try await query(sql) { row throws(DatabaseError) in "\(row[0])" }
    }
}

/// The error that `body` throws, as text.
func message(_ body: () async throws -> Void) async -> String? {
    do {
        try await body()
        return nil
    } catch {
        return "\(error)"
    }
}

/// The error that `body` throws, as text.
func message(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)"
    }
}
