internal import CPostgres

/// A result of libpq. It owns its memory.
@safe struct PostgresResult: ~Copyable {
    // SAFETY: valid until `deinit`, and never changed.
    private let handle: OpaquePointer

    /// Takes over a result of `PQgetResult`.
    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit { unsafe PQclear(handle) }

    /// The kinds of results.
    enum Status {
        /// A statement, with or without rows, or a preparation has ended.
        case command
        /// The statement is empty.
        case empty
        case failure(PostgresFailure)
        /// An earlier message of the statement has failed.
        case skipped
        case synchronized
        /// The server expects rows.
        case copyIn
        /// Any other result of `COPY`.
        case copy
    }

    var status: Status {
        switch unsafe PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE: .command
        case PGRES_EMPTY_QUERY: .empty
        case PGRES_PIPELINE_ABORTED: .skipped
        case PGRES_PIPELINE_SYNC: .synchronized
        case PGRES_COPY_IN: .copyIn
        case PGRES_COPY_OUT, PGRES_COPY_BOTH: .copy
        default: .failure(failure)
        }
    }

    /// The number of rows that are read without a pause. A turn of an event loop reads at most twice as many.
    static let rowsPerTurn = 500

    var rowCount: Int { Int(unsafe PQntuples(handle)) }

    /// The row at `index`, from 0. It is valid as long as the result.
    func row(_ index: Int) -> DatabaseRow {
        unsafe DatabaseRow(PostgresRow(result: handle, row: Int32(index)))
    }

    /// The command that was run, such as `UPDATE` or `ROLLBACK`.
    var command: String {
        guard let tag = unsafe PQcmdStatus(handle) else { return "" }
        return unsafe String(cString: tag).split(separator: " ").first.map(String.init) ?? ""
    }

    /// The number of rows that the statement has changed; 0 if it only returns rows.
    var changedRows: Int {
        guard command != "SELECT", let text = unsafe PQcmdTuples(handle) else { return 0 }
        return Int(unsafe String(cString: text)) ?? 0
    }

    /// The fields of the error.
    private var failure: PostgresFailure {
        PostgresFailure(
            state: field(strait_sqlstate) ?? "",
            message: field(strait_message_primary) ?? wholeMessage,
            detail: field(strait_message_detail), hint: field(strait_message_hint), table: field(strait_table_name),
            column: field(strait_column_name), constraint: field(strait_constraint_name),
            function: field(strait_source_function))
    }

    private var wholeMessage: String { unsafe String(cString: PQresultErrorMessage(handle)) }

    private func field(_ code: some BinaryInteger) -> String? {
        unsafe PQresultErrorField(handle, Int32(code)).map { unsafe String(cString: $0) }
    }
}
