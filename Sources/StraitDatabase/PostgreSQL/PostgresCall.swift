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
        guard !text.utf8.contains(0) else {
            throw DatabaseError(.syntax, "The statement contains the character U+0000. Remove it.")
        }
        self.text = text
        self.needsTransaction = needsTransaction
        parameters = try PostgresParameters(values)
        let isShort = isCached && values.count <= StatementKey.parameters
        key =
            isShort
            ? StatementKey(
                text: TextKey(text), integers: parameters.bits(of: PostgresParameters.integer),
                bytes: parameters.bits(of: PostgresParameters.bytes)) : nil
    }

    /// Takes the statement's result.
    func take(_ result: borrowing PostgresResult) {}

    /// Resumes the task that waits.
    func end() {}
}

/// A statement whose result is read as an `Output`.
///
/// SAFETY: as for its superclass.
final class PostgresStatement<Output: Sendable>: PostgresCall, @unchecked Sendable {
    private let read: @Sendable (borrowing PostgresResult) throws(DatabaseError) -> Output
    private var output: Output?
    private var hasEnded = false
    let pending = PendingResult<Output>()

    init(
        _ sql: SQL, isCached: Bool = true, needsTransaction: Bool = false,
        read: @escaping @Sendable (borrowing PostgresResult) throws(DatabaseError) -> Output
    ) throws(DatabaseError) {
        self.read = read
        try super.init(sql, isCached: isCached, needsTransaction: needsTransaction)
    }

    override func take(_ result: borrowing PostgresResult) {
        guard failure == nil else { return }
        do throws(DatabaseError) { output = try read(result) } catch { failure = error }
    }

    override func end() {
        if hasEnded { return }
        hasEnded = true
        if let failure {
            pending.finish(.failure(isCancelled && failure.code == .cancelled ? CancellationError() : failure))
        } else if let output {
            pending.finish(.success(output))
        } else {
            pending.finish(.failure(DatabaseError(.syntax, "The statement is empty.")))
        }
    }
}
