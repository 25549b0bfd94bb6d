public import StraitCore

/// A string as a dictionary key, compared and hashed by its UTF-8 bytes.
///
/// `String` compares by canonical equivalence. That takes quadratic time for runs of combining marks. It also equates
/// strings that Python and Django keep apart, such as the two encodings of `é`.
@usableFromInline package struct TextKey: Hashable, Sendable, ExpressibleByStringLiteral {
    @usableFromInline package let text: String

    @inlinable package init(_ text: String) { self.text = text }
    @inlinable package init(stringLiteral value: String) { text = value }

    @inlinable package static func == (left: TextKey, right: TextKey) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    @inlinable package func hash(into hasher: inout Hasher) {
        // SAFETY: the hasher reads the bytes only during the call.
        let isHashed: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isHashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
        hasher.combine(0xFF as UInt8)
    }
}

/// A non-empty search string. The search takes linear time (Knuth, Morris and Pratt).
package struct BytePattern {
    private let bytes: [UInt8]
    /// For each byte, the length of the longest proper prefix of the pattern that also ends at that byte.
    private let borders: [Int]

    /// - Precondition: `text` is not empty.
    package init(_ text: String) {
        bytes = Array(text.utf8)
        var borders = [Int](repeating: 0, count: bytes.count)
        var length = 0
        for index in 1..<max(1, bytes.count) {
            while length > 0, bytes[index] != bytes[length] { length = borders[length - 1] }
            if bytes[index] == bytes[length] { length += 1 }
            borders[index] = length
        }
        self.borders = borders
    }

    /// Returns the offset in `text` of the first occurrence at or after `start`, or nil if there is none.
    package func first(in text: [UInt8], from start: Int) -> Int? {
        var matched = 0
        var index = start
        while index < text.count {
            while matched > 0, text[index] != bytes[matched] { matched = borders[matched - 1] }
            if text[index] == bytes[matched] { matched += 1 }
            index += 1
            if matched == bytes.count { return index - matched }
        }
        return nil
    }
}
