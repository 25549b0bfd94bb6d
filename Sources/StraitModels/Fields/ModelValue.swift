public import StraitDatabase
public import FoundationEssentials
public import StraitCore

/// A type that a model's field can have.
public protocol ModelValue: DatabaseConvertible {
    /// The type without an optional: `Int` for `Int` and for `Int?`.
    associatedtype Base: ModelValue = Self
    /// The kind of field for this type.
    static var fieldKind: FieldKind { get }
    /// Whether the column may be empty.
    static var isOptional: Bool { get }
    /// The values that a field of this type may have, or an empty list for all.
    static var choices: [FieldChoice] { get }
    /// Whether the value is stored as `NULL`.
    var isNull: Bool { get }
    /// Whether text that a form accepts can be read as a value of this type.
    static func accepts(_ text: String) -> Bool
    /// Reads the column at `index`, from 0.
    ///
    /// - Throws: ``/StraitDatabase/DatabaseError/Code/value`` if the column is empty or has another type.
    static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Self
}

extension ModelValue {
    /// The type of a column of this kind.
    public static var postgresType: String? { fieldKind.postgresCast }
    /// True: a form accepts only text of the right kind.
    public static func accepts(_ text: String) -> Bool { true }
    /// An empty list: all values are allowed.
    public static var choices: [FieldChoice] { [] }
    /// False: only an optional may be empty.
    public static var isOptional: Bool { false }
    /// False: only nil is stored as `NULL`.
    public var isNull: Bool { false }
}

extension DatabaseRow {
    /// Reads the column at `index`, from 0.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another type.
    public borrowing func read<Value: ModelValue>(_ index: Int) throws(DatabaseError) -> Value {
        try Value.read(self, at: index)
    }
}

extension FixedWidthInteger where Self: ModelValue {
    /// Reads an integer.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Self {
        let number = try row.integer(index)
        guard let value = Self(exactly: number) else { throw row.mismatch(index, "is out of range") }
        return value
    }
}

extension Int: ModelValue {
    /// `BigIntegerField`.
    public static var fieldKind: FieldKind { .bigInteger }
}

extension Int64: ModelValue {
    /// `BigIntegerField`.
    public static var fieldKind: FieldKind { .bigInteger }
}

extension Int32: ModelValue {
    /// `IntegerField`.
    public static var fieldKind: FieldKind { .integer }
}

extension Int16: ModelValue {
    /// `SmallIntegerField`.
    public static var fieldKind: FieldKind { .smallInteger }
}

extension Double: ModelValue {
    /// `FloatField`.
    public static var fieldKind: FieldKind { .float }

    /// Reads a number. SQLite stores a whole number as an integer.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Double {
        try row.double(index)
    }
}

extension Bool: ModelValue {
    /// `BooleanField`.
    public static var fieldKind: FieldKind { .boolean }

    /// Reads a truth value.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Bool {
        try row.boolean(index)
    }
}

extension String: ModelValue {
    /// `TextField`; with `@MaxLength`, the field is a `CharField`.
    public static var fieldKind: FieldKind { .text }

    /// Reads text.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> String {
        try row.text(index)
    }
}

extension Bytes: ModelValue {
    /// `BinaryField`.
    public static var fieldKind: FieldKind { .binary }

    /// Reads bytes.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Bytes {
        try row.bytes(index)
    }
}

extension Data: ModelValue {
    /// `BinaryField`.
    public static var fieldKind: FieldKind { .binary }

    /// The bytes.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .bytes(Bytes(self)) }

    /// Reads bytes.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Data {
        Data(Array(try row.bytes(index)))
    }
}

extension URL: ModelValue {
    /// Whether the text is a URL. An empty text is none.
    public static func accepts(_ text: String) -> Bool { URL(string: text) != nil }

    /// `URLField` with at most 200 characters.
    public static var fieldKind: FieldKind { .url(maxLength: 200) }

    /// The absolute URL as text.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .text(absoluteString) }

    /// Reads a URL, with characters outside of ASCII in percent-encoding. Django may store such characters as they are,
    /// and an empty text in place of a URL. Declare a `String` with `@URLString` to keep either.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> URL {
        guard let url = URL(string: try row.text(index)) else { throw row.mismatch(index, "is not a URL") }
        return url
    }
}

extension UUID: ModelValue {
    /// `UUIDField`.
    public static var fieldKind: FieldKind { .uuid }

    /// Reads 32 hexadecimal digits, with hyphens or without.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> UUID {
        guard let value = try row.withText(index, { uuid(from: $0) }) else {
            throw row.mismatch(index, "is not a UUID")
        }
        return value
    }

    private static func uuid(from text: Span<UInt8>) -> UUID? {
        guard text.count == 32 || text.count == 36 else { return nil }
        var (high, low) = (UInt64(0), UInt64(0))
        var digits = 0
        for index in text.indices {
            if text.count == 36, index == 8 || index == 13 || index == 18 || index == 23 {
                guard text[index] == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = text[index].hexadecimalValue else { return nil }
            if digits < 16 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
            digits += 1
        }
        func byte(_ number: UInt64, _ place: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: number >> (56 - 8 * place)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4),
                byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}

/// An optional type of a field. A calculation on an empty column is empty, too.
public protocol OptionalValue: ModelValue {}
extension Optional: OptionalValue where Wrapped: ModelValue {}

extension Optional: ModelValue where Wrapped: ModelValue {
    /// The wrapped type.
    public typealias Base = Wrapped
    /// The kind of the wrapped type.
    public static var fieldKind: FieldKind { Wrapped.fieldKind }
    /// Whether the wrapped type accepts the text.
    public static func accepts(_ text: String) -> Bool { Wrapped.accepts(text) }
    /// The choices of the wrapped type.
    public static var choices: [FieldChoice] { Wrapped.choices }
    /// True.
    public static var isOptional: Bool { true }
    /// Whether it is nil.
    public var isNull: Bool { self == nil }

    /// Reads the wrapped value, or nil for an empty column.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Wrapped? {
        if row.isNull(index) { return nil }
        return try Wrapped.read(row, at: index)
    }
}
