/// A notification from a store to the watch of a group.
package enum PresenceNews: Sendable {
    /// The watch is established, and every later change will be reported. Sent again after each reconnection. The
    /// receiver reads a snapshot to learn of earlier changes.
    case began
    /// The group changed.
    case changed(PresenceDelta)
    /// The watch could not be established yet, so callers that wait for it should fail. The store keeps retrying.
    case failed(any Error)
}
