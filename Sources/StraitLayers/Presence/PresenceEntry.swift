/// The presence of one socket of this process in a group.
package struct PresenceEntry: Sendable, Hashable {
    package let group: String
    /// A number that identifies the entry within its process and layer. Numbers are not reused.
    package let number: UInt64
    package var record: PresenceRecord

    package init(group: String, number: UInt64, record: PresenceRecord) {
        self.group = group
        self.number = number
        self.record = record
    }
}
