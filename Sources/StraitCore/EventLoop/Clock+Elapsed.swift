extension Clock<Duration> {
    /// A closure that returns the time since it was created. Objects that store a clock of any type read the clock
    /// through this closure.
    package var elapsedTime: @Sendable () -> Duration {
        let start = now
        return { start.duration(to: self.now) }
    }
}
