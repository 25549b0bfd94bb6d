/// The rules for names of channels and groups, as in Channels.
public enum LayerName {
    /// The maximum number of characters in a name.
    public static let longest = 99

    /// Whether `name` is a valid channel name: ASCII letters, digits, hyphens, underscores and periods. The name of a
    /// channel that belongs to one process also has an exclamation mark after its prefix.
    public static func isChannel(_ name: String) -> Bool {
        guard isShort(name) else { return false }
        let parts = name.utf8.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false)
        return !parts[0].isEmpty && parts.allSatisfy { $0.allSatisfy(isAllowed) }
    }

    /// Whether `name` is a valid group name.
    public static func isGroup(_ name: String) -> Bool {
        isShort(name) && !name.isEmpty && name.utf8.allSatisfy(isAllowed)
    }

    /// Returns the part of a channel name that determines its capacity and queue: everything up to and including the
    /// exclamation mark, or the whole name if it has none. All channels of one process share that part.
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
