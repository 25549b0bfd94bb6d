/// An error of tracking or updating a presence.
public enum PresenceError: Error, Hashable, Sendable {
    /// The key is empty or longer than 128 bytes of UTF-8.
    case invalidKey(String)
    /// The metadata exceeds 4 KiB. `bytes` is its size as JSON.
    case metadataTooLarge(key: String, bytes: Int)
    /// The consumer is not tracked in the group, so it has no metadata to update.
    case notTracked(String)
}

extension PresenceError: CustomStringConvertible {
    /// The error's text: what happened and what to do.
    public var description: String {
        switch self {
        case .invalidKey(let key):
            """
            The presence key '\(key.prefix(40))\(key.count > 40 ? "…" : "")' has \(key.utf8.count) bytes. Use 1 to \
            \(PresenceRecord.longestKey) bytes of UTF-8, such as a user's ID.
            """
        case .metadataTooLarge(let key, let bytes):
            """
            The metadata of '\(key)' takes \(bytes) bytes as JSON; the maximum is \(PresenceRecord.largestMeta), \
            because every follower receives it. Store larger data elsewhere and look it up by the key.
            """
        case .notTracked(let group):
            "This consumer is not tracked in '\(group)', so it has no metadata to update. Call track(_:as:_:) first."
        }
    }
}
