/// Who is in a group at one version of it.
package struct PresenceSnapshot: Sendable, Hashable {
    /// The version of the latest change that is in it; 0 for a group that nobody is in and of which nothing is known.
    package let version: UInt64
    /// How many keys there are.
    package let count: Int
    /// All of them, or a sample where there are more than were asked for.
    package let members: [PresenceRecord]

    package init(version: UInt64, count: Int, members: [PresenceRecord]) {
        self.version = version
        self.count = count
        self.members = members
    }
}
