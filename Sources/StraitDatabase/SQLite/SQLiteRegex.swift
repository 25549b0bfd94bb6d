internal import CSQLite

/// The operator `REGEXP` of SQLite, which has a name for it and no implementation. Patterns have the syntax of Swift's
/// `Regex`, and match Unicode scalars as in Python.
enum SQLiteRegex {
    /// The latest pattern of a connection, which the next row needs again. Used only on the connection's thread.
    private final class Cache {
        var pattern: String?
        var regex: Regex<AnyRegexOutput>?
    }

    /// Adds the operator to a connection.
    static func install(on handle: OpaquePointer) {
        // SAFETY: SQLite calls the last function with the same pointer when the connection is closed, which releases
        // the cache. It calls the first one only while the connection exists, with valid arguments.
        unsafe sqlite3_create_function_v2(
            handle, "regexp", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, Unmanaged.passRetained(Cache()).toOpaque(),
            { context, count, values in
                guard count == 2, let context = unsafe context, let values = unsafe values,
                    let data = unsafe sqlite3_user_data(context)
                else { return }
                let cache = unsafe Unmanaged<Cache>.fromOpaque(data).takeUnretainedValue()
                guard let pattern = unsafe SQLiteRegex.text(values[0]), let subject = unsafe SQLiteRegex.text(values[1])
                else {
                    return unsafe sqlite3_result_null(context)
                }
                if cache.pattern != pattern {
                    cache.pattern = pattern
                    cache.regex = (try? Regex(pattern))?.matchingSemantics(.unicodeScalar)
                }
                guard let regex = cache.regex else {
                    return unsafe sqlite3_result_error(context, "invalid regular expression", -1)
                }
                let isMatch = (try? regex.firstMatch(in: subject)) != nil
                unsafe sqlite3_result_int(context, isMatch ? 1 : 0)
            }, nil, nil,
            { data in
                guard let data = unsafe data else { return }
                unsafe Unmanaged<Cache>.fromOpaque(data).release()
            })
    }

    /// Returns a value as text, or nil for `NULL`.
    private static func text(_ value: OpaquePointer?) -> String? {
        // SAFETY: the value and its text are valid during the call of the function.
        guard unsafe sqlite3_value_type(value) != SQLITE_NULL, let start = unsafe sqlite3_value_text(value) else {
            return nil
        }
        let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
