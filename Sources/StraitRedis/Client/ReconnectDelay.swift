/// The delay before a connection attempt: random between zero and a bound that doubles with each attempt (full jitter).
///
/// The jitter prevents processes that lost the same server from reconnecting at the same moment.
package struct ReconnectDelay: Sendable {
    /// The bound for the first attempt.
    package var first: Duration = .milliseconds(50)
    /// The maximum bound.
    package var longest: Duration = .seconds(2)

    package init() {}

    /// Returns the delay before attempt `number`, counted from 0.
    package func delay(
        before number: Int, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        var bound = first
        for _ in 0..<min(number, 32) where bound < longest { bound = bound * 2 }
        bound = min(bound, longest)
        return bound * Double.random(in: 0..<1, using: &generator)
    }
}
