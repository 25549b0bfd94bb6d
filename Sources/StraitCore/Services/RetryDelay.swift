/// The delay before an attempt is repeated: random between zero and a bound that doubles with each attempt (full
/// jitter).
///
/// The jitter prevents processes that failed together from trying again at the same moment.
package struct RetryDelay: Sendable {
    /// The bound for the first attempt.
    package var first: Duration
    /// The maximum bound.
    package var longest: Duration

    package init(first: Duration = .milliseconds(50), longest: Duration = .seconds(2)) {
        self.first = first
        self.longest = longest
    }

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
