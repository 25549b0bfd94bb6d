/// A random test failed; its text names the seed and how to run it again.
public struct SeedFailure: Error, Sendable, CustomStringConvertible {
    /// The seed that the test ran with.
    public let seed: UInt64
    /// What the test threw.
    public let error: any Error

    /// The seed, how to run it again, and the error.
    public var description: String {
        "The test fails with seed \(seed): \(error)\nRun it again with STRAIT_SEED=\(seed) in the environment."
    }
}
