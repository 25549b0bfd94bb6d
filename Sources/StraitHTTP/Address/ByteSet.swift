/// A set of bytes: any ASCII characters, and either all or none of the bytes from 0x80 up.
package struct ByteSet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    /// Whether the set contains all bytes from 0x80 up.
    private var containsOthers = false

    /// Creates the set of the ASCII characters in `characters`. Other characters are ignored.
    package init(_ characters: String) {
        for byte in characters.utf8 { insert(byte) }
    }

    private init(where isIn: (UInt8) -> Bool) {
        for byte: UInt8 in 0..<0x80 where isIn(byte) { insert(byte) }
    }

    private mutating func insert(_ byte: UInt8) {
        if byte < 0x40 { low |= 1 << UInt64(byte) } else if byte < 0x80 { high |= 1 << UInt64(byte - 0x40) }
    }

    @inline(__always)
    package func contains(_ byte: UInt8) -> Bool {
        byte < 0x80 ? ((byte < 0x40 ? low : high) &>> UInt64(byte & 0x3F)) & 1 == 1 : containsOthers
    }

    package func union(_ other: ByteSet) -> ByteSet {
        var union = self
        union.low |= other.low
        union.high |= other.high
        union.containsOthers = containsOthers || other.containsOthers
        return union
    }

    /// Returns the set of all bytes except the ASCII characters in `characters`.
    package static func all(but characters: String) -> ByteSet {
        let excluded = ByteSet(characters)
        var set = ByteSet { !excluded.contains($0) }
        set.containsOthers = true
        return set
    }

    /// Letters, digits and `-._~` (RFC 3986 §2.3).
    package static let unreserved = ByteSet { byte in
        byte.isASCIIDigit || byte.isASCIILetter || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
    }
    /// The unreserved characters, the sub-delimiters and `/:@`.
    package static let path = ByteSet { $0.isHostCharacter }.union(ByteSet("/:@"))
    /// The characters that Django's `iri_to_uri` keeps.
    package static let iri = unreserved.union(ByteSet("/#%[]=:;$&()+,!?*@'"))
    /// The ASCII control characters, as an argument for ``all(but:)``.
    package static let controls = String(String.UnicodeScalarView((0..<0x20).map(Unicode.Scalar.init) + ["\u{7F}"]))
}
