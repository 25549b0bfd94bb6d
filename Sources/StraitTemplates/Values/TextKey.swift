/// A text as a key of a dictionary, compared and hashed by its UTF-8 bytes.
///
/// `String` compares by canonical equivalence, which takes quadratic time for runs of combining marks, and equates what
/// Python and Django keep apart: `é` as one scalar and as two.
struct TextKey: Hashable, Sendable, ExpressibleByStringLiteral {
    let text: String

    init(_ text: String) { self.text = text }
    init(stringLiteral value: String) { text = value }

    static func == (left: TextKey, right: TextKey) -> Bool { PythonText.equal(left.text, right.text) }

    func hash(into hasher: inout Hasher) {
        // SAFETY: the hasher reads the bytes during the call.
        let isHashed: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isHashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
        hasher.combine(0xFF as UInt8)
    }
}
