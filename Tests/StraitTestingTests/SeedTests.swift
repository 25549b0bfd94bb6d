import Testing

@testable import StraitTesting

@Suite struct SeedTests {
    @Test func `seeds are the same in each run, unless one is given`() {
        #expect(Array(Seeds(3, startingAt: 5, named: nil)) == [5, 6, 7])
        #expect(Array(Seeds(3, startingAt: 5, named: 17)) == [17])
        #expect(Seeds(-1, startingAt: 1, named: nil).isEmpty)
    }

    @Test func `more rounds add seeds after the usual ones, unless one is given`() {
        #expect(Array(Seeds(2, startingAt: 5, rounds: 3, named: nil)) == [5, 6, 7, 8, 9, 10])
        #expect(Array(Seeds(2, startingAt: 5, rounds: 3, named: 17)) == [17])
    }

    @Test(arguments: Seeds(3)) func `seeds can be a test's arguments`(seed: UInt64) {
        #expect((1...UInt64(3 * Seeds.rounds)).contains(seed) || seed == Seeds.named)
    }

    @Test func `a failure ends the run, and says its seed and how to run it again`() async throws {
        var seeds: [UInt64] = []
        let failure = await #expect(throws: SeedFailure.self) {
            try await withSeeds(10) { seed in
                seeds.append(seed)
                if Seeds.named != nil || seed == 4 { throw Broken() }
            }
        }
        #expect(failure?.error is Broken)
        #expect(seeds.last == failure?.seed)
        let seed = failure?.seed ?? 0
        #expect(
            failure?.description
                == """
                The test fails with seed \(seed): Broken()\nRun it again with STRAIT_SEED=\(seed) in the environment.
                """
        )
    }

    @Test func `a failure keeps its own seed in nested runs`() async throws {
        let failure = await #expect(throws: SeedFailure.self) {
            try await withSeed { _ in throw SeedFailure(seed: 9, error: Broken()) }
        }
        #expect(failure?.seed == 9)
    }
}
