/// What a member does with the events of a group.
package enum Reaction {
    /// Passes them on to its socket: the fastlane.
    case forward
    /// Looks for the handler of their type.
    case dispatch
    /// Handles them itself.
    case handle((LayerEvent) async throws -> Void)
}
