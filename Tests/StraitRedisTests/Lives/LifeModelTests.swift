import StraitTesting
import Testing

/// Random lives of a consumer over Redis beside a sequential model of them. Those in memory are in
/// `Tests/StraitServerTests/LifeModelTests.swift`.
@Suite(.timeLimit(.minutes(20))) struct LifeModels {
    /// The number of seeds at a time. Each needs several dozen file descriptors of this process.
    private static let width = 12

    @Test(arguments: RoomKind.allCases)
    func `over a slow and broken network a life is connect, every message and disconnect, each to its end`(
        kind: RoomKind
    )
        async throws
    {
        await withTaskGroup(of: Void.self) { group in
            for (index, seed) in Seeds(24).enumerated() {
                if index >= Self.width { await group.next() }
                group.addTask {
                    // The other seeds go on.
                    do {
                        try await LivesOverRedis(seed: seed, kind).play()
                    } catch {
                        Issue.record(error, "seed \(seed)")
                    }
                }
            }
        }
    }
}
