/// A room's name. It is part of a path and of a group's name, which limits its characters.
struct RoomName {
    let text: String

    /// The rule in words, short enough for a close frame's reason.
    static let rule =
        "A room's name has 1 to 50 ASCII letters, digits, hyphens and underscores; source and tutorial are reserved."

    init?(_ text: String) {
        guard (1...50).contains(text.utf8.count), !["source", "tutorial"].contains(text),
            text.utf8.allSatisfy({ $0 < 0x80 && (Character(Unicode.Scalar($0)).isLetter || Self.others.contains($0)) })
        else { return nil }
        self.text = text
    }

    private static let others = "0123456789-_".utf8
}
