internal import CPostgres
import StraitCore

// `COPY … FROM STDIN`, for which libpq has to leave its pipeline mode.
extension PostgresConnection {
    /// Whether rows are sent, or will be after the running statements.
    var isCopying: Bool { if case .copying = phase { true } else { heldCopy != nil } }

    /// Copies rows into a table, and returns their number. `body` sends their text in parts. If `body` throws or the
    /// task is cancelled, no row is stored.
    nonisolated(nonsending) func copy(
        _ text: String, _ body: nonisolated(nonsending) (PostgresCopyParts) async throws -> Void
    ) async throws -> Int {
        let copy = PostgresCopyCall(text)
        do {
            try await wait(for: copy) { [self] in beginCopy(copy) }
            do {
                try await body(PostgresCopyParts(connection: self, copy: copy))
                try Task.checkCancellation()
            } catch {
                // The server answers with the reason as an error, which the caller does not need.
                try? await copy.wait(on: loop) { [self] in finishCopy("the rows have ended early") }
                throw error
            }
            try await wait(for: copy) { [self] in finishCopy(nil) }
        } catch let error as DatabaseError where error.code == .cancelled {
            try Task.checkCancellation()
            throw error
        }
        return copy.rows
    }

    /// Calls `start` on the loop, and waits until its step has ended. If the task is cancelled, the server cancels the
    /// copy.
    fileprivate nonisolated(nonsending) func wait(
        for copy: PostgresCopyCall, _ start: @escaping @Sendable () -> Void
    ) async throws {
        // Not around the whole copy: the operation of a cancellation handler leaves the caller's actor.
        try await withTaskCancellationHandler {
            try await copy.wait(on: loop, start)
        } onCancel: {
            loop.execute { [self] in cancel(copy) }
        }
    }

    private func cancel(_ copy: PostgresCopyCall) {
        if case .copying(let running) = phase, running === copy { requestCancel() }
        if heldCopy === copy {
            heldCopy = nil
            copy.fail(DatabaseError(.cancelled, "The statement was cancelled."))
            sendHeld()
        }
    }

    /// Waits for the running statements, and then begins the copy.
    private func beginCopy(_ copy: PostgresCopyCall) {
        loop.assertOnLoop()
        guard unsafe handle != nil, closesWith == nil, heldCopy == nil, !isCopying else {
            return copy.fail(closesWith ?? Self.lost("It was closed"))
        }
        heldCopy = copy
        sendHeld()
    }

    func startCopy(_ copy: PostgresCopyCall) {
        guard let handle = unsafe handle else { return }
        guard unsafe PQexitPipelineMode(handle) == 1, unsafe PQsendQuery(handle, copy.text) == 1 else {
            copy.fail(Self.lost(message))
            return lose(message)
        }
        phase = .copying(copy)
        flush()
    }

    /// Sends a part of the rows. Calls `flushed` of the copy when it is written.
    fileprivate func putCopy(_ bytes: [UInt8]) {
        guard let handle = unsafe handle else { return }
        let isPut = unsafe bytes.withUnsafeBytes { raw in
            unsafe PQputCopyData(
                handle, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: raw.count)) == 1
        }
        guard isPut else { return lose(message) }
        flush()
    }

    /// Ends the rows; with a reason, the server drops them.
    private func finishCopy(_ reason: String?) {
        guard let handle = unsafe handle, case .copying(let copy) = phase else { return }
        copy.awaitsResult = true
        let isPut =
            if let reason { unsafe PQputCopyEnd(handle, reason) == 1 } else { unsafe PQputCopyEnd(handle, nil) == 1 }
        guard isPut else { return lose(message) }
        flush()
        receive()
    }

    func endCopy(_ copy: PostgresCopyCall) {
        guard let handle = unsafe handle else { return }
        guard unsafe PQenterPipelineMode(handle) == 1 else { return lose(message) }
        phase = .pipeline
        emptyResults = 0
        loop.disarm(timer)
        copy.end()
        if pipeline.count == 0, let closesWith { release(closesWith) }
    }
}

/// The sending side of a copy.
struct PostgresCopyParts {
    fileprivate let connection: PostgresConnection
    fileprivate let copy: PostgresCopyCall

    /// Sends a part of the rows, and returns when it is written.
    nonisolated(nonsending) func send(_ bytes: [UInt8]) async throws {
        let connection = connection
        try await connection.wait(for: copy) { connection.putCopy(bytes) }
    }
}
