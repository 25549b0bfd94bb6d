import StraitCore

// The methods for tasks, which send their work to the loop.
extension PostgresConnection {
    /// Opens the connection and sets up its session.
    ///
    /// - Parameter address: The numeric address of the server, or nil for a Unix socket.
    nonisolated(nonsending) func open(address: String?) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let isAccepted = loop.executeUnlessEnded { [self] in
                    connect(address: address) { result in
                        continuation.resume(with: result)
                    }
                }
                if !isAccepted { continuation.resume(throwing: PostgresConnectFailure.closed) }
            }
        } onCancel: {
            abort()
        }
        try await run(PostgresStatement(PostgresConfiguration.session, isCached: false) { _ in })
    }

    /// Runs a statement. If the task is cancelled, the server cancels the statement.
    ///
    /// - Throws: ``DatabaseError``; `CancellationError`.
    nonisolated(nonsending) func run<Output>(_ statement: PostgresStatement<Output>) async throws -> Output {
        try await statement.pending.wait {
            if loop.isOnLoop {
                // A cancellation is sent to the loop, which would be too late.
                if Task.isCancelled { statement.isCancelled = true }
                return send(statement)
            }
            let isAccepted = loop.executeUnlessEnded { [self] in send(statement) }
            if !isAccepted { statement.pending.finish(.failure(Self.lost("The database was closed"))) }
        } onCancel: {
            loop.execute { [self] in cancel(statement) }
        }
    }

    /// Closes the connection after its running statements.
    func close() async {
        await withCheckedContinuation { continuation in
            let isAccepted = loop.executeUnlessEnded { [self] in
                guard unsafe handle != nil else { return continuation.resume() }
                closed.append { continuation.resume() }
                let error = DatabaseError(.connection, "The database is closed, because the site is stopping.")
                closesWith = error
                if pipeline.count == 0, !isCopying { release(error) }
            }
            if !isAccepted { continuation.resume() }
        }
    }

    /// Closes the connection at once.
    func abort() {
        loop.execute { [self] in release(Self.lost("It was closed")) }
    }
}
