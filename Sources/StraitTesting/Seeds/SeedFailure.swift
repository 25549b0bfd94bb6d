/// The failure of a randomized test, with its seed.
public struct SeedFailure: Error, Sendable, CustomStringConvertible {
    /// The seed that the test ran with.
    public let seed: UInt64
    /// The error that the test threw.
    public let error: any Error

    /// The seed, the error, and the way to run the test again.
    public var description: String {
        "The test fails with seed \(seed): \(error)\nRun it again with STRAIT_SEED=\(seed) in the environment."
    }
}
