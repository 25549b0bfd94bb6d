internal import StraitCore
internal import StraitText

/// A statement on its way through a ``PostgresConnection``.
///
/// SAFETY: `@unchecked Sendable` is sound because its variables are used only on the connection's loop until the
/// statement ends, and then only by the task that waited for it.
class PostgresCall: @unchecked Sendable {
    let text: String
    let parameters: PostgresParameters
    /// The key of the prepared statement, or nil if it is not to be prepared.
    let key: StatementKey?
    /// Whether the statement is part of a transaction that must not have ended.
    let needsTransaction: Bool
    /// The error if the server has no operator for two types; nil for the server's own.
    let operatorError: DatabaseError?
    /// Whether the statement was sent before.
    var isRetry = false
    /// Whether the task that waits was cancelled.
    var isCancelled = false
    /// Whether the server was asked to cancel it.
    var hasCancelRequest = false
    /// The first error.
    var failure: DatabaseError?
    /// Whether the connection was in a transaction after the statement.
    var endsInTransaction = false

    /// - Throws: ``DatabaseError`` if a parameter cannot be sent.
    init(_ sql: SQL, isCached: Bool = true, needsTransaction: Bool = false) throws(DatabaseError) {
        let (text, values) = try sql.rendered(for: .postgreSQL)
        guard !text.containsZero else {
            throw DatabaseError(.syntax, "The statement contains the character U+0000. Remove it.")
        }
        self.text = text
        self.needsTransaction = needsTransaction
        operatorError = sql.untypedListError
        parameters = try PostgresParameters(values)
        let isShort = isCached && values.count <= StatementKey.parameters
        key =
            isShort
            ? StatementKey(
                text: TextKey(text), integers: parameters.bits(of: PostgresParameters.integer),
                bytes: parameters.bits(of: PostgresParameters.bytes)) : nil
    }

    /// Notes an error of the server, unless there was one before.
    func note(_ problem: PostgresFailure?) {
        guard failure == nil, let problem else { return }
        failure = problem.state == "42883" ? operatorError ?? problem.error : problem.error
    }

    /// Takes the statement's result.
    func take(_ result: consuming PostgresResult) {}

    /// Resumes the task that waits.
    func end() {}
}

/// A statement whose result is read as an `Output`.
///
/// SAFETY: as for its superclass.
final class PostgresStatement<Output: Sendable>: PostgresCall, @unchecked Sendable {
    /// Reads a result, or some rows of it from an index on. Returns the index of the next row, or nil at the end.
    typealias Reader =
        @Sendable (borrowing PostgresResult, Int, inout Output?) throws(DatabaseError) -> Int?

    private let read: Reader
    private var output: Output?
    /// The result whose rows are not all read, and the index of the next row.
    private var rest: PostgresResult?
    private var next = 0
    private var hasEnded = false
    let pending = PendingResult<Output>()

    /// Creates a statement whose result is read at once.
    init(
        _ sql: SQL, isCached: Bool = true, needsTransaction: Bool = false,
        read: @escaping @Sendable (borrowing PostgresResult) throws(DatabaseError) -> Output
    ) throws(DatabaseError) {
        self.read = { result, _, output throws(DatabaseError) in
            output = try read(result)
            return nil
        }
        try super.init(sql, isCached: isCached, needsTransaction: needsTransaction)
    }

    /// Creates a statement whose rows are read by `decode`, some of them in each turn of the event loop, so that a long
    /// result does not block the loop.
    init<Row>(
        _ sql: SQL, isCached: Bool = true, needsTransaction: Bool = false, decode: @escaping RowDecoder<Row>
    ) throws(DatabaseError) where Output == [Row] {
        read = { result, start, output throws(DatabaseError) in
            let end = min(start + PostgresResult.rowsPerTurn, result.rowCount)
            var rows = output.take() ?? []
            if start == 0 { rows.reserveCapacity(result.rowCount) }
            for index in start..<end { rows.append(try decode(result.row(index))) }
            output = rows
            return end < result.rowCount ? end : nil
        }
        try super.init(sql, isCached: isCached, needsTransaction: needsTransaction)
    }

    override func take(_ result: consuming PostgresResult) {
        guard failure == nil else { return }
        // A statement that was sent again has another result.
        output = nil
        rest = nil
        do throws(DatabaseError) {
            guard let next = try read(result, 0, &output) else { return }
            self.next = next
            rest = consume result
        } catch {
            failure = error
        }
    }

    override func end() {
        if hasEnded { return }
        hasEnded = true
        readRest()
    }

    /// Reads some more rows, and the others in later turns of the loop. After the last one, the task that waits is
    /// resumed.
    private func readRest() {
        while failure == nil, !isCancelled, let result = rest.take() {
            do throws(DatabaseError) {
                guard let next = try read(result, next, &output) else { break }
                self.next = next
                rest = consume result
            } catch {
                failure = error
            }
            if EventLoop.current?.executeUnlessEnded({ [self] in readRest() }) == true { return }
        }
        finish()
    }

    private func finish() {
        let isWhole = rest == nil
        rest = nil
        if let failure {
            pending.finish(.failure(isCancelled && failure.code == .cancelled ? CancellationError() : failure))
        } else if !isWhole {
            // Cancelled while its rows were read.
            pending.finish(.failure(CancellationError()))
        } else if let output {
            pending.finish(.success(output))
        } else {
            pending.finish(.failure(DatabaseError(.syntax, "The statement is empty. Pass an SQL statement.")))
        }
    }
}
