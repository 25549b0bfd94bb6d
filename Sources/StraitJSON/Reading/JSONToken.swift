/// A value or a key of a document, in the order of the text.
///
/// After an object come its keys, each followed by its value; after an array come its elements.
package struct JSONToken: Sendable {
    /// The kinds of tokens.
    package enum Kind: UInt8, Sendable {
        case null, `true`, `false`, number, string, array, object
    }

    /// The offset of the first byte; of a string, the one behind the quote.
    package var start: UInt32
    /// The offset behind the last byte, without the quote. Of an array or object, the number of its elements.
    package var end: UInt32
    /// The index of the token behind this one and all that it contains.
    package var next: UInt32
    /// The index of the array or object that this is in, or ``none``.
    package var parent: UInt32
    /// The number of elements in front of this one.
    package var ordinal: UInt32
    package var kind: Kind
    /// Whether a string contains escapes, or a number a fraction or an exponent.
    package var isComplex = false
    /// Whether a string may contain a run of combining marks that is too long and has to be broken up.
    package var hasMarks = false

    static let none = UInt32.max

    /// The number of elements of an array, or of keys of an object.
    package var count: Int { Int(end) }
    /// The offset at which an error shows the value.
    package var offset: Int { kind == .string ? Int(start) &- 1 : Int(start) }
}
