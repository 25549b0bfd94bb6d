/// A value or a key of a document, in the order of the text.
///
/// An object is followed by its keys, each with its value. An array is followed by its elements.
package struct JSONToken: Sendable {
    /// The kinds of tokens.
    package enum Kind: UInt8, Sendable {
        case null, `true`, `false`, number, string, array, object
    }

    /// The offset of the first byte; for a string, the first byte after the quote.
    package var start: UInt32
    /// The offset after the last byte, without the closing quote. For an array or object, the number of its elements or
    /// keys.
    package var end: UInt32
    /// The index of the token after this one and its contents.
    package var next: UInt32
    /// The index of the array or object that contains this token, or ``none``.
    package var parent: UInt32
    /// The number of elements or keys before this one in its array or object.
    package var ordinal: UInt32
    package var kind: Kind
    /// Whether a string contains escapes, or a number has a fraction or an exponent.
    package var isComplex = false
    /// Whether a string contains more combining marks in a row than allowed, and must be broken up.
    package var hasMarks = false

    static let none = UInt32.max

    /// The number of elements of an array, or of keys of an object.
    package var count: Int { Int(end) }
    /// The offset of the value in errors.
    package var offset: Int { kind == .string ? Int(start) &- 1 : Int(start) }
}
