internal import Synchronization

/// A connection that is in a transaction.
struct PostgresTransaction: TransactionConnection {
    let connection: PostgresConnection

    var engine: DatabaseEngine { .postgreSQL }

    func query<Output: Sendable>(
        _ sql: SQL, isWrite: Bool, _ decode: @escaping RowDecoder<Output>
    ) async throws -> [Output] {
        try await connection.run(
            PostgresStatement(sql, needsTransaction: true, decode: decode))
    }

    func execute(_ sql: SQL) async throws -> Int {
        try await connection.run(PostgresStatement(sql, needsTransaction: true) { $0.changedRows })
    }

    /// Reads the rows through a cursor, whose result the server computes piece by piece.
    nonisolated(nonsending) func query<Output: Sendable>(
        _ sql: SQL, batch: Int, _ decode: @escaping RowDecoder<Output>,
        _ body: nonisolated(nonsending) ([Output]) async throws -> Void
    ) async throws {
        let number = connection.cursors.wrappingAdd(1, ordering: .relaxed).newValue
        let name = SQL(trusted: "strait_\(number)")
        try await run("DECLARE \(name) NO SCROLL CURSOR FOR \(sql)")
        let fetch = SQL(trusted: "FETCH \(batch) FROM strait_\(number)")
        do {
            while true {
                let rows = try await connection.run(
                    PostgresStatement(fetch, isCached: false, needsTransaction: true, decode: decode))
                if !rows.isEmpty { try await body(rows) }
                if rows.count < batch { break }
            }
        } catch {
            // Fails in a transaction that has failed; its end closes the cursor.
            await Task.detached { [self] in try? await run("CLOSE \(name)") }.value
            throw error
        }
        try await run("CLOSE \(name)")
    }

    nonisolated(nonsending) func copyIn(
        into table: String, columns: [String], _ next: () throws(DatabaseError) -> [DatabaseValue]?
    ) async throws -> Int {
        let names = columns.map(SQL.quoted).joined(separator: ", ")
        return try await connection.copy("COPY \(SQL.quoted(table)) (\(names)) FROM STDIN") { parts in
            var bytes: [UInt8] = []
            var number = 0
            while let row = try next() {
                number += 1
                guard row.count == columns.count else {
                    throw DatabaseError(
                        .value,
                        "Row \(number) has \(row.count) values for \(columns.count) columns. Give one value per "
                            + "column.",
                        table: table)
                }
                try PostgresCopyText.append(row, to: &bytes)
                if bytes.count >= PostgresCopyText.partSize {
                    try Task.checkCancellation()
                    try await parts.send(bytes)
                    bytes.removeAll(keepingCapacity: true)
                }
            }
            if !bytes.isEmpty { try await parts.send(bytes) }
        }
    }

    nonisolated(nonsending) func undo(to savepoint: SQL) async throws {
        // A detached task does not inherit the cancellation, which would leave the savepoint.
        try await Task.detached { [self] in
            try await run("ROLLBACK TO SAVEPOINT \(savepoint)")
            try await run("RELEASE SAVEPOINT \(savepoint)")
        }.value
    }

    private func run(_ sql: SQL) async throws {
        try await connection.run(PostgresStatement(sql, isCached: false, needsTransaction: true) { _ in })
    }

    // MARK: Its end

    /// Commits the transaction.
    ///
    /// - Throws: ``DatabaseError/Code/unknownOutcome`` if the connection is lost meanwhile.
    nonisolated(nonsending) func commit() async throws {
        guard connection.isOpen else {
            throw DatabaseError(
                .connection,
                "The connection to PostgreSQL was lost before the commit, so nothing of the transaction is stored. "
                    + "Run it again.")
        }
        let command: String
        do {
            command = try await connection.run(PostgresStatement("COMMIT", needsTransaction: true) { $0.command })
        } catch let error as DatabaseError where error.code == .connection {
            throw DatabaseError(
                .unknownOutcome,
                "The connection to PostgreSQL was lost during the commit, so the transaction may or may not be "
                    + "stored. Check whether its rows exist before you run it again.")
        }
        guard command == "COMMIT" else {
            throw DatabaseError(
                .other,
                "Nothing of the transaction is stored, because one of its statements failed and its error was "
                    + "caught. Put a statement that may fail into a nested atomic.")
        }
    }

    /// Rolls back, even if the task is cancelled. If that fails, the connection is closed.
    nonisolated(nonsending) func rollBack() async {
        guard connection.isOpen else { return }
        await Task.detached { [self] in
            do {
                try await connection.run(PostgresStatement("ROLLBACK") { _ in })
            } catch {
                connection.abort()
            }
        }.value
    }
}
