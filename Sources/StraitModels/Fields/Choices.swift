public import StraitDatabase

/// An enum whose cases are the values of a field; Django's `TextChoices` and `IntegerChoices`.
///
/// ```swift
/// enum Status: String, Choices {
///     case draft, inReview
///     case published = "done"
/// }
/// ```
public protocol Choices: RawRepresentable, CaseIterable, ModelValue, Hashable where RawValue: ModelValue {
    /// The text for people. By default, it is the case's name in words: "In Review".
    var label: String { get }
}

extension Choices {
    /// The kind of the raw value. With `@MaxLength`, text is a `CharField`.
    public static var fieldKind: FieldKind { RawValue.fieldKind }

    /// The cases with their labels.
    public static var choices: [FieldChoice] {
        allCases.compactMap { choice in
            (try? choice.rawValue.databaseValue(for: .sqlite)).map { FieldChoice($0, label: choice.label) }
        }
    }

    /// The case's name in words, each with a capital letter.
    public var label: String {
        var words = ""
        for letter in "\(self)" {
            if words.isEmpty {
                words += letter.uppercased()
            } else {
                words += letter.isUppercase ? " \(letter)" : letter == "_" ? " " : String(letter)
            }
        }
        return words
    }

    /// The raw value.
    public func databaseValue(for engine: DatabaseEngine) throws(DatabaseError) -> DatabaseValue {
        try rawValue.databaseValue(for: engine)
    }

    /// Reads a raw value.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if no case has it.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Self {
        guard let value = Self(rawValue: try RawValue.read(row, at: index)) else {
            throw row.mismatch(index, "is not a case of \(Self.self)")
        }
        return value
    }
}
