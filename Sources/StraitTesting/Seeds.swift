internal import Glibc

/// The seeds of a randomized test. They are the same in each run, so that a test fails always or never. If the
/// environment variable `STRAIT_SEED` is set, it is the only seed.
///
/// With Swift Testing, use them as a test's arguments. The tests run in parallel, and a failure names its seed:
///
/// ```swift
/// @Test(arguments: Seeds(100)) func `nothing is lost`(seed: UInt64) async throws { … }
/// ```
///
/// With XCTest, or inside a test, use ``withSeeds(_:startingAt:_:)``. Run a failing seed alone with
/// `STRAIT_SEED=17 swift test --filter …`. For long runs, `STRAIT_ROUNDS=50` uses fifty times as many seeds, beginning
/// with the usual ones.
public struct Seeds: RandomAccessCollection, Sendable {
    private let seeds: [UInt64]

    /// Creates `count` seeds from `first` on, multiplied by `STRAIT_ROUNDS`, or only the seed in `STRAIT_SEED`.
    ///
    /// - Precondition: `STRAIT_SEED`, if set, is an integer from 0 to 2⁶⁴ − 1. `STRAIT_ROUNDS`, if set, is an integer
    ///   from 1 to 1,000,000.
    public init(_ count: Int, startingAt first: UInt64 = 1) {
        self.init(count, startingAt: first, rounds: Self.rounds, named: Self.named)
    }

    init(_ count: Int, startingAt first: UInt64, rounds: Int = 1, named: UInt64?) {
        seeds = named.map { [$0] } ?? (0..<Swift.max(0, count) * rounds).map { first &+ UInt64($0) }
    }

    /// The value of `STRAIT_SEED`.
    static let named: UInt64? = {
        guard let value = unsafe getenv("STRAIT_SEED") else { return nil }
        let text = unsafe String(cString: value)
        guard let seed = UInt64(text) else {
            preconditionFailure("Invalid STRAIT_SEED \"\(text)\": expected a whole number from 0 to 2^64 - 1.")
        }
        return seed
    }()

    /// The value of `STRAIT_ROUNDS`, by which the number of seeds is multiplied.
    static let rounds: Int = {
        guard let value = unsafe getenv("STRAIT_ROUNDS") else { return 1 }
        let text = unsafe String(cString: value)
        guard let rounds = Int(text), (1...1_000_000).contains(rounds) else {
            preconditionFailure("Invalid STRAIT_ROUNDS \"\(text)\": expected a whole number from 1 to 1000000.")
        }
        return rounds
    }()

    /// 0.
    public var startIndex: Int { 0 }
    /// The number of seeds.
    public var endIndex: Int { seeds.count }
    /// Returns the seed at `position`.
    public subscript(position: Int) -> UInt64 { seeds[position] }
}

/// Runs `body` with `count` seeds in turn, or only with the seed in the environment variable `STRAIT_SEED`. It stops at
/// the first failure.
///
/// It works with both Swift Testing and XCTest, because it uses neither. For the same reason, it notices only thrown
/// errors. Use checks that throw (`try #require`, `try XCTUnwrap`), or put the seed in their comment
/// (`#expect(…, "seed \(seed)")`). ``Seeds`` as a Swift Testing argument needs neither.
///
/// - Throws: ``SeedFailure`` with the seed and the error of `body`. Its description explains how to run the test again.
public func withSeeds(
    _ count: Int, startingAt first: UInt64 = 1, _ body: (UInt64) async throws -> Void
) async throws {
    for seed in Seeds(count, startingAt: first) { try await run(seed, body) }
}

/// Runs `body` with one random seed, which differs in each run, or with the seed in `STRAIT_SEED`. It suits tests that
/// should find new failures in nightly runs.
///
/// - Throws: ``SeedFailure``, as ``withSeeds(_:startingAt:_:)``.
public func withSeed(_ body: (UInt64) async throws -> Void) async throws {
    try await run(Seeds.named ?? .random(in: 0...UInt64.max), body)
}

extension RandomNumberGenerator {
    /// Returns a random element of `items`.
    ///
    /// - Precondition: `items` is not empty.
    package mutating func pick<Items: Collection>(_ items: Items) -> Items.Element {
        guard let item = items.randomElement(using: &self) else { preconditionFailure("No items to pick from.") }
        return item
    }
}

private func run(_ seed: UInt64, _ body: (UInt64) async throws -> Void) async throws {
    do {
        try await body(seed)
    } catch let failure as SeedFailure {
        throw failure
    } catch {
        throw SeedFailure(seed: seed, error: error)
    }
}

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
