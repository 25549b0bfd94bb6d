public import StraitCore

/// A database of a site, a service.
public final class Database: Service {
    package let driver: SQLiteDatabase

    /// Creates a database on an SQLite file, which it opens at the first use.
    ///
    /// - Parameter path: The path of the file, or `:memory:` for a database that ends with the process.
    public init(sqlite path: String) {
        driver = SQLiteDatabase(path: path)
    }

    /// Runs a statement and returns the number of changed rows.
    ///
    /// - Throws: ``DatabaseError``; `CancellationError`.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await driver.write { try $0.execute(sql) }
    }

    /// Closes the connections after their running statements.
    public func stop() async { await driver.close() }
}
