/// A room's name: it is part of a path and of a group's name, so few characters will do.
struct RoomName {
    let text: String

    /// Short enough for the reason of a close frame.
    static let rule =
        "A room's name has 1 to 50 letters of ASCII, digits, hyphens and underscores; tutorial and source are pages."

    init?(_ text: String) {
        guard (1...50).contains(text.utf8.count), !["source", "tutorial"].contains(text),
            text.utf8.allSatisfy({ $0 < 0x80 && (Character(Unicode.Scalar($0)).isLetter || Self.others.contains($0)) })
        else { return nil }
        self.text = text
    }

    private static let others = "0123456789-_".utf8
}
