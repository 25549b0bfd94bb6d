public import StraitLayers

extension InMemoryChannelLayer {
    /// A layer whose messages get too old, and whose groups forget channels, as `clock` is moved.
    public convenience init(
        capacity: ChannelCapacity = ChannelCapacity(), expiry: Duration = .seconds(60),
        groupExpiry: Duration = .seconds(86400), clock: ManualClock
    ) {
        self.init(capacity: capacity, expiry: expiry, groupExpiry: groupExpiry, time: clock.time)
    }
}
