/// Why somebody could not be present as asked.
public enum PresenceError: Error, Hashable, Sendable {
    /// The key is empty or too long.
    case invalidKey(String)
    /// The metadata is larger than it may be: so many bytes as JSON.
    case metadataTooLarge(key: String, bytes: Int)
    /// The consumer is not tracked in the group whose metadata it changes.
    case notTracked(String)
}

extension PresenceError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidKey(let key):
            "The presence key '\(key.prefix(40))\(key.count > 40 ? "…" : "")' has \(key.utf8.count) bytes. Give one of 1 to \(PresenceRecord.longestKey) bytes of UTF-8, such as a user's id."
        case .metadataTooLarge(let key, let bytes):
            "What is said of '\(key)' takes \(bytes) bytes as JSON, and \(PresenceRecord.largestMeta) are the most: all who follow are sent it. Say less, and have the rest looked up by its key."
        case .notTracked(let group):
            "This consumer is not present in '\(group)', so there is nothing to update. Call track(_:as:_:) first."
        }
    }
}
