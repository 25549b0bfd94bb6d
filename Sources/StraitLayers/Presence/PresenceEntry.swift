/// That one socket of this process is present in a group.
package struct PresenceEntry: Sendable, Hashable {
    package let group: String
    /// Tells the entries of a process and layer apart; none is used twice.
    package let number: UInt64
    package var record: PresenceRecord

    package init(group: String, number: UInt64, record: PresenceRecord) {
        self.group = group
        self.number = number
        self.record = record
    }
}
