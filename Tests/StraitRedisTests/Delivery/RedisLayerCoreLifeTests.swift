import StraitTesting
import Testing

/// Compares random lives of consumers over Redis with a sequential model.
/// `Tests/StraitServerTests/WebSocket/LifeModelTests.swift` does the same in memory.
@Suite(.timeLimit(.minutes(20))) struct LifeModels {
    /// The number of seeds at a time. Each needs several dozen file descriptors of this process.
    private static let width = 12

    @Test(arguments: RoomKind.allCases)
    func `over a slow, failing network a life is connect, every message and disconnect, in order`(
        kind: RoomKind
    )
        async throws
    {
        await withTaskGroup(of: Void.self) { group in
            for (index, seed) in Seeds(24).enumerated() {
                if index >= Self.width { await group.next() }
                group.addTask {
                    // The other seeds continue.
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
