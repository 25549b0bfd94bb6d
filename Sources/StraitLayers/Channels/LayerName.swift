/// The names of channels and groups, as Channels allows them.
public enum LayerName {
    /// The most characters that a name may have.
    public static let longest = 99

    /// Whether `name` may name a channel: letters, digits, hyphens, underscores and periods of ASCII, and of a channel that
    /// belongs to one process an exclamation mark between its prefix and its own part.
    public static func isChannel(_ name: String) -> Bool {
        guard isShort(name) else { return false }
        let parts = name.utf8.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false)
        return !parts[0].isEmpty && parts.allSatisfy { $0.allSatisfy(isAllowed) }
    }

    /// Whether `name` may name a group.
    public static func isGroup(_ name: String) -> Bool {
        isShort(name) && !name.isEmpty && name.utf8.allSatisfy(isAllowed)
    }

    /// What a process' own channels have in common, which is what capacity and queues belong to: up to the exclamation
    /// mark and with it; all of any other name.
    public static func nonLocal(_ name: String) -> String {
        guard let end = name.utf8.firstIndex(of: mark) else { return name }
        return String(name[...end])
    }

    private static let mark = UInt8(ascii: "!")

    private static func isShort(_ name: String) -> Bool { name.utf8.count <= longest }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
