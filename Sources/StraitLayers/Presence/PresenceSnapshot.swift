/// The members of a group at one version.
package struct PresenceSnapshot: Sendable, Hashable {
    /// The version of the latest change that the snapshot includes; 0 for a group without members or history.
    package let version: UInt64
    /// The number of keys in the group.
    package let count: Int
    /// All members, or a sample if there are more than requested.
    package let members: [PresenceRecord]

    package init(version: UInt64, count: Int, members: [PresenceRecord]) {
        self.version = version
        self.count = count
        self.members = members
    }
}
