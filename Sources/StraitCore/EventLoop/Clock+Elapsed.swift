extension Clock<Duration> {
    /// A closure that returns the time since it was made. Objects that hold a clock of any type read it through this.
    package var elapsedTime: @Sendable () -> Duration {
        let start = now
        return { start.duration(to: self.now) }
    }
}
