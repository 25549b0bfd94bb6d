/// A string as a dictionary key, compared and hashed by its UTF-8 bytes.
///
/// `String` compares by canonical equivalence. That takes quadratic time for runs of combining marks. It also equates
/// strings that Python and Django keep apart, such as the two encodings of `é`.
struct TextKey: Hashable, Sendable, ExpressibleByStringLiteral {
    let text: String

    init(_ text: String) { self.text = text }
    init(stringLiteral value: String) { text = value }

    static func == (left: TextKey, right: TextKey) -> Bool { PythonText.equal(left.text, right.text) }

    func hash(into hasher: inout Hasher) {
        // SAFETY: the hasher reads the bytes only during the call.
        let isHashed: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isHashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
        hasher.combine(0xFF as UInt8)
    }
}
