internal import Glibc

/// The seeds of a random test: the same with each run, so that a test fails always or never, unless the environment
/// variable `STRAIT_SEED` names one, which is then the only one.
///
/// With Swift Testing they are a test's arguments, which run beside each other, and a failure names its seed:
///
/// ```swift
/// @Test(arguments: Seeds(100)) func `nothing is lost`(seed: UInt64) async throws { … }
/// ```
///
/// With XCTest, or within a test, use ``withSeeds(_:startingAt:_:)``. Run a failing seed alone with
/// `STRAIT_SEED=17 swift test --filter …`. `STRAIT_ROUNDS=50` gives each test fifty times as many seeds, the usual ones
/// first: for a machine that has the night for it.
public struct Seeds: RandomAccessCollection, Sendable {
    private let seeds: [UInt64]

    /// `count` seeds from `first` on, times `STRAIT_ROUNDS`, or the one that `STRAIT_SEED` names.
    ///
    /// - Precondition: `STRAIT_SEED`, where it is set, is a whole number from 0 to 2⁶⁴ − 1, and `STRAIT_ROUNDS` one from
    ///   1 to 1,000,000.
    public init(_ count: Int, startingAt first: UInt64 = 1) {
        self.init(count, startingAt: first, rounds: Self.rounds, named: Self.named)
    }

    init(_ count: Int, startingAt first: UInt64, rounds: Int = 1, named: UInt64?) {
        seeds = named.map { [$0] } ?? (0..<Swift.max(0, count) * rounds).map { first &+ UInt64($0) }
    }

    /// The seed that `STRAIT_SEED` names.
    static let named: UInt64? = {
        guard let value = unsafe getenv("STRAIT_SEED") else { return nil }
        let text = unsafe String(cString: value)
        guard let seed = UInt64(text) else {
            preconditionFailure("STRAIT_SEED is \"\(text)\". Give a seed as a test printed it: a whole number.")
        }
        return seed
    }()

    /// How many times as many seeds as usual `STRAIT_ROUNDS` asks for.
    static let rounds: Int = {
        guard let value = unsafe getenv("STRAIT_ROUNDS") else { return 1 }
        let text = unsafe String(cString: value)
        guard let rounds = Int(text), (1...1_000_000).contains(rounds) else {
            preconditionFailure(
                "STRAIT_ROUNDS is \"\(text)\". Give how many times as many seeds to try: a whole number.")
        }
        return rounds
    }()

    public var startIndex: Int { 0 }
    public var endIndex: Int { seeds.count }
    public subscript(position: Int) -> UInt64 { seeds[position] }
}

/// Runs `body` with `count` seeds, one after the other, or with the one that the environment variable `STRAIT_SEED`
/// names; stops at the first that fails.
///
/// Nothing of a testing library is needed for that, so it serves Swift Testing and XCTest alike; for the same reason
/// only a thrown error is noticed: have checks throw (`try #require`, `try XCTUnwrap`), or name the seed in their
/// comment (`#expect(…, "seed \(seed)")`). With Swift Testing, ``Seeds`` as a test's arguments need neither.
///
/// - Throws: ``SeedFailure`` with the seed and what `body` threw; its description, which both libraries print, says how
///   to run it again.
public func withSeeds(
    _ count: Int, startingAt first: UInt64 = 1, _ body: (UInt64) async throws -> Void
) async throws {
    for seed in Seeds(count, startingAt: first) { try await run(seed, body) }
}

/// Runs `body` with one new seed, another with each run, or the one that `STRAIT_SEED` names: for tests that are to find
/// something new each night.
///
/// - Throws: As ``withSeeds(_:startingAt:_:)``.
public func withSeed(_ body: (UInt64) async throws -> Void) async throws {
    try await run(Seeds.named ?? .random(in: 0...UInt64.max), body)
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
