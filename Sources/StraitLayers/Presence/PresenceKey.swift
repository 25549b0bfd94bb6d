/// A key that is compared by its bytes, as stores and browsers do. `String` would treat two Unicode spellings of the
/// same letter as equal.
package struct PresenceKey: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: PresenceKey, right: PresenceKey) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(0xFF as UInt8)
    }
}
