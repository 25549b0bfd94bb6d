internal import CSQLite
import StraitCore

/// A compiled statement of a ``SQLiteConnection``. Used only on the connection's thread.
@safe final class SQLiteStatement {
    // SAFETY: valid from `init` to `deinit`. The connection finalizes its statements before it closes.
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// The number of the statement's placeholders.
    var parameterCount: Int { Int(unsafe sqlite3_bind_parameter_count(handle)) }

    /// The names of the result's columns.
    var columnNames: [String] {
        let count = unsafe sqlite3_column_count(handle)
        return (0..<count).map { index in
            unsafe sqlite3_column_name(handle, index).map { unsafe String(cString: $0) } ?? ""
        }
    }

    /// Whether the statement changes nothing.
    var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(handle) != 0 }

    /// Binds `value` to the placeholder at `index`, from 1. Returns SQLite's result code.
    func bind(_ value: DatabaseValue, at index: Int) -> Int32 {
        let index = Int32(index)
        switch value {
        case .null: return unsafe sqlite3_bind_null(handle, index)
        case .integer(let number): return unsafe sqlite3_bind_int64(handle, index, number)
        case .double(let number): return unsafe sqlite3_bind_double(handle, index, number)
        case .text(let text):
            var text = text
            return text.withUTF8 { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                    unsafe strait_bind_text(handle, index, characters.baseAddress ?? Self.empty, UInt64(bytes.count))
                }
            }
        case .bytes(let bytes):
            return unsafe bytes.span.withUnsafeBytes { raw in
                unsafe strait_bind_bytes(handle, index, raw.baseAddress, UInt64(raw.count))
            }
        }
    }

    /// An address for empty text. Without one, SQLite would bind `NULL`.
    // SAFETY: one byte that is never changed or freed.
    private static nonisolated(unsafe) let empty: UnsafePointer<CChar> = {
        let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        unsafe byte.initialize(to: 0)
        return unsafe UnsafePointer(byte)
    }()

    /// Steps to the next row. Returns SQLite's result code.
    func step() -> Int32 { unsafe sqlite3_step(handle) }

    /// Ends the execution and releases the bound values.
    func reset() {
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }
}

/// The current row of a result. It is valid only during the call that it is passed to.
@safe package struct DatabaseRow: ~Copyable {
    // SAFETY: the row cannot be copied and is only borrowed, so it does not outlive the call with it.
    private let handle: OpaquePointer

    init(_ statement: SQLiteStatement) {
        unsafe handle = statement.handle
    }

    /// The number of columns.
    package var count: Int { Int(unsafe sqlite3_column_count(handle)) }

    /// Returns the value of the column at `index`, from 0.
    package subscript(index: Int) -> DatabaseValue {
        switch unsafe sqlite3_column_type(handle, Int32(index)) {
        case SQLITE_INTEGER: .integer(unsafe sqlite3_column_int64(handle, Int32(index)))
        case SQLITE_FLOAT: .double(unsafe sqlite3_column_double(handle, Int32(index)))
        case SQLITE_TEXT: .text(text(index))
        case SQLITE_BLOB: .bytes(bytes(index))
        default: .null
        }
    }

    /// Whether the column at `index` is `NULL`.
    package func isNull(_ index: Int) -> Bool { unsafe sqlite3_column_type(handle, Int32(index)) == SQLITE_NULL }

    private func text(_ index: Int) -> String {
        // Read before the count, because SQLite may convert the column first.
        let start = unsafe UnsafeRawPointer(sqlite3_column_text(handle, Int32(index)))
        return unsafe String(decoding: raw(index, start), as: UTF8.self)
    }

    private func bytes(_ index: Int) -> Bytes {
        let start = unsafe sqlite3_column_blob(handle, Int32(index))
        var buffer = ByteBuffer()
        buffer.append(unsafe raw(index, start).bindMemory(to: UInt8.self).span)
        return buffer.freeze()
    }

    private func raw(_ index: Int, _ start: UnsafeRawPointer?) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(index))))
    }
}
