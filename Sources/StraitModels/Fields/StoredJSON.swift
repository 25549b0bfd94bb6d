internal import StraitCore
public import StraitDatabase
internal import StraitJSON

/// A value that is stored as JSON; Django's `JSONField`. `@JSON` wraps a field of any `Codable` type in it.
public struct StoredJSON<Value: Codable & Sendable>: ModelValue {
    /// The value.
    public var value: Value

    /// Creates a stored value.
    public init(_ value: Value) { self.value = value }

    /// Whether the JSON can be decoded as the type.
    public static func accepts(_ text: String) -> Bool {
        (try? JSONCoder().decode(Value.self, from: text)) != nil
    }

    /// `JSONField`.
    public static var fieldKind: FieldKind { .json }

    /// The value as JSON text.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the value cannot be encoded.
    public func databaseValue(for engine: DatabaseEngine) throws(DatabaseError) -> DatabaseValue {
        do {
            return .text(String(decoding: try JSONCoder().encode(value), as: UTF8.self))
        } catch {
            throw .value("A value of the type \(Value.self) cannot be stored as JSON: \(error)")
        }
    }

    /// Reads JSON text.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> StoredJSON {
        let text = try row.text(index)
        do {
            return StoredJSON(try JSONCoder().decode(Value.self, from: text))
        } catch {
            throw row.mismatch(index, "cannot be read as \(Value.self): \(error)")
        }
    }
}
