/// How long to wait before the next attempt to connect: anything from nothing to a bound that doubles with each attempt
/// (*full jitter*), so that the processes that lost one server do not come back to it at the same moments.
package struct ReconnectDelay: Sendable {
    /// The bound of the first attempt.
    package var first: Duration = .milliseconds(50)
    /// The bound that is not exceeded.
    package var longest: Duration = .seconds(2)

    package init() {}

    /// The delay before attempt `number`, counted from 0.
    package func delay(
        before number: Int, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        var bound = first
        for _ in 0..<min(number, 32) where bound < longest { bound = bound * 2 }
        bound = min(bound, longest)
        return bound * Double.random(in: 0..<1, using: &generator)
    }
}
