public import StraitDatabase

/// A file in the site's storage; the value of Django's `FileField`. The column has the file's name.
public struct StoredFile: ModelValue, Hashable {
    /// The path in the storage: `photos/sea.jpg`. It is empty if there is no file.
    public var name: String

    /// Creates a reference to a file that is stored.
    public init(_ name: String) { self.name = name }

    /// `FileField` with at most 100 characters.
    public static var fieldKind: FieldKind { .file(maxLength: 100) }

    /// The name.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .text(name) }

    /// Reads the name.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> StoredFile {
        StoredFile(try row.text(index))
    }
}

/// An image in the site's storage; the value of Django's `ImageField`. The column has the file's name.
public struct StoredImage: ModelValue, Hashable {
    /// The path in the storage: `photos/sea.jpg`. It is empty if there is no file.
    public var name: String

    /// Creates a reference to a file that is stored.
    public init(_ name: String) { self.name = name }

    /// `ImageField` with at most 100 characters.
    public static var fieldKind: FieldKind { .image(maxLength: 100) }

    /// The name.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .text(name) }

    /// Reads the name.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> StoredImage {
        StoredImage(try row.text(index))
    }
}
