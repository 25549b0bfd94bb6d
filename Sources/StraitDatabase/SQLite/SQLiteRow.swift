internal import CSQLite
import StraitCore

/// The current row of a statement.
@safe struct SQLiteRow {
    // SAFETY: the statement outlives the row, which is only borrowed between two steps.
    private let handle: OpaquePointer

    init(_ statement: SQLiteStatement) {
        unsafe handle = statement.handle
    }

    var count: Int { Int(unsafe sqlite3_column_count(handle)) }

    private func type(_ index: Int) -> Int32 { unsafe sqlite3_column_type(handle, Int32(index)) }

    func name(_ index: Int) -> String {
        unsafe sqlite3_column_name(handle, Int32(index)).map { unsafe String(cString: $0) } ?? "\(index)"
    }

    func isNull(_ index: Int) -> Bool { type(index) == SQLITE_NULL }

    func isText(_ index: Int) -> Bool { type(index) == SQLITE_TEXT }

    subscript(index: Int) -> DatabaseValue {
        switch type(index) {
        case SQLITE_INTEGER: .integer(unsafe sqlite3_column_int64(handle, Int32(index)))
        case SQLITE_FLOAT: .double(unsafe sqlite3_column_double(handle, Int32(index)))
        case SQLITE_TEXT: .text(unsafe String(decoding: storedText(index), as: UTF8.self))
        case SQLITE_BLOB: .bytes(storedBytes(index))
        default: .null
        }
    }

    func integer(_ index: Int) -> Int64? {
        type(index) == SQLITE_INTEGER ? unsafe sqlite3_column_int64(handle, Int32(index)) : nil
    }

    func double(_ index: Int) -> Double? {
        switch type(index) {
        case SQLITE_FLOAT, SQLITE_INTEGER: unsafe sqlite3_column_double(handle, Int32(index))
        default: nil
        }
    }

    /// Calls `body` with the text of a column.
    func withText<Output>(
        _ index: Int, _ body: (Span<UInt8>) throws(DatabaseError) -> Output
    ) throws(DatabaseError) -> Output {
        // SAFETY: SQLite changes the text at the next step, which comes after `body`.
        try body(unsafe storedText(index).bindMemory(to: UInt8.self).span)
    }

    func bytes(_ index: Int) -> Bytes? { type(index) == SQLITE_BLOB ? storedBytes(index) : nil }

    private func storedText(_ index: Int) -> UnsafeRawBufferPointer {
        // Read before the count, because SQLite may convert the column first.
        let start = unsafe UnsafeRawPointer(sqlite3_column_text(handle, Int32(index)))
        return unsafe raw(index, start)
    }

    private func storedBytes(_ index: Int) -> Bytes {
        let start = unsafe sqlite3_column_blob(handle, Int32(index))
        var buffer = ByteBuffer()
        buffer.append(unsafe raw(index, start).bindMemory(to: UInt8.self).span)
        return buffer.freeze()
    }

    private func raw(_ index: Int, _ start: UnsafeRawPointer?) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(index))))
    }
}
