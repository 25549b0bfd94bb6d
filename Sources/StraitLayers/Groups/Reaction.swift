/// A member's way of handling the events of a group.
package enum Reaction {
    /// Sends events directly to the socket: the fastlane.
    case forward
    /// Dispatches events to the handler registered for their type.
    case dispatch
    /// Calls a closure with each event.
    case handle((LayerEvent) async throws -> Void)
}
