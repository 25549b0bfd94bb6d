public import StraitLayers

extension InMemoryChannelLayer {
    /// Creates a layer whose messages and group memberships expire by `clock`.
    public convenience init(
        capacity: ChannelCapacity = ChannelCapacity(), expiry: Duration = .seconds(60),
        groupExpiry: Duration = .seconds(86400), clock: ManualClock
    ) {
        self.init(capacity: capacity, expiry: expiry, groupExpiry: groupExpiry, time: clock.time)
    }
}
