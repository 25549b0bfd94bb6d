/// What a store tells whoever watches a group.
package enum PresenceNews: Sendable {
    /// From here on each change is told. Said once the watch is established, and again each time that it is after it
    /// was lost: what happened before is to be read.
    case began
    /// The group changed.
    case changed(PresenceDelta)
    /// The watch could not be established so far, for those who wait for it. The store goes on trying.
    case failed(any Error)
}
