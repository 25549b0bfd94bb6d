internal import CSQLite
public import StraitCore

/// The current row of a result. It is valid only during the call that it is passed to.
@safe public struct DatabaseRow: ~Copyable {
    // SAFETY: the row cannot be copied and is only borrowed, so it does not outlive the call with it.
    private let handle: OpaquePointer

    init(_ statement: SQLiteStatement) {
        unsafe handle = statement.handle
    }

    /// The number of columns.
    public var count: Int { Int(unsafe sqlite3_column_count(handle)) }

    /// Returns the value of the column at `index`, from 0.
    public subscript(index: Int) -> DatabaseValue {
        switch unsafe sqlite3_column_type(handle, Int32(index)) {
        case SQLITE_INTEGER: .integer(unsafe sqlite3_column_int64(handle, Int32(index)))
        case SQLITE_FLOAT: .double(unsafe sqlite3_column_double(handle, Int32(index)))
        case SQLITE_TEXT: .text(storedText(index))
        case SQLITE_BLOB: .bytes(storedBytes(index))
        default: .null
        }
    }

    /// Whether the column at `index` is `NULL`.
    public func isNull(_ index: Int) -> Bool { unsafe sqlite3_column_type(handle, Int32(index)) == SQLITE_NULL }

    // MARK: By type

    /// Returns the truth value in the column at `index`, which SQLite stores as 0 or 1.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another value.
    public func boolean(_ index: Int) throws(DatabaseError) -> Bool {
        switch try integer(index) {
        case 0: return false
        case 1: return true
        default: throw mismatch(index, "is not 0 or 1")
        }
    }

    /// Returns the integer in the column at `index`, from 0.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another type.
    public func integer(_ index: Int) throws(DatabaseError) -> Int64 {
        guard unsafe sqlite3_column_type(handle, Int32(index)) == SQLITE_INTEGER else {
            throw mismatch(index, "is not an integer")
        }
        return unsafe sqlite3_column_int64(handle, Int32(index))
    }

    /// Returns the number in the column at `index`. SQLite stores a whole number as an integer.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another type.
    public func double(_ index: Int) throws(DatabaseError) -> Double {
        switch unsafe sqlite3_column_type(handle, Int32(index)) {
        case SQLITE_FLOAT, SQLITE_INTEGER: return unsafe sqlite3_column_double(handle, Int32(index))
        default: throw mismatch(index, "is not a number")
        }
    }

    /// Returns the text in the column at `index`.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another type.
    public func text(_ index: Int) throws(DatabaseError) -> String {
        guard unsafe sqlite3_column_type(handle, Int32(index)) == SQLITE_TEXT else {
            throw mismatch(index, "is not text")
        }
        let start = unsafe UnsafeRawPointer(sqlite3_column_text(handle, Int32(index)))
        guard let text = unsafe String(validating: raw(index, start), as: UTF8.self) else {
            throw mismatch(index, "is not valid UTF-8")
        }
        return text
    }

    /// Returns the bytes in the column at `index`.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another type.
    public func bytes(_ index: Int) throws(DatabaseError) -> Bytes {
        guard unsafe sqlite3_column_type(handle, Int32(index)) == SQLITE_BLOB else {
            throw mismatch(index, "is not a string of bytes")
        }
        return storedBytes(index)
    }

    /// Returns the error for a column whose value has another type than its field.
    package func mismatch(_ index: Int, _ problem: String) -> DatabaseError {
        let name = unsafe sqlite3_column_name(handle, Int32(index)).map { unsafe String(cString: $0) } ?? "\(index)"
        let value = isNull(index) ? "is empty" : "has the value \(self[index]), which \(problem)"
        return DatabaseError(
            .value,
            "The column \(name) \(value). Change the field's type to the stored one, or migrate the column.",
            columns: [name])
    }

    private func storedText(_ index: Int) -> String {
        // Read before the count, because SQLite may convert the column first.
        let start = unsafe UnsafeRawPointer(sqlite3_column_text(handle, Int32(index)))
        return unsafe String(decoding: raw(index, start), as: UTF8.self)
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
