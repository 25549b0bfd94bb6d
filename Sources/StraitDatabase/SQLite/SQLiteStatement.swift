internal import CSQLite
internal import StraitCore

/// A compiled statement of a ``SQLiteConnection``. Used only on the connection's thread.
@safe final class SQLiteStatement {
    // SAFETY: valid from `init` to `deinit`. The connection finalizes its statements before it closes.
    let handle: OpaquePointer
    /// The number of the latest use, for the connection's cache.
    var lastUse = 0

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
