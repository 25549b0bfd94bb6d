import ConsumerLives
import StraitConsumers
import StraitCore
import StraitLayers
import StraitServer
import StraitTesting
import Testing

/// Compares random lives of a consumer with a sequential model. A connected consumer handles all messages that the
/// client sent before it closed, in order and to completion. Only a lost connection ends that early.
@Suite struct LifeModels {
    @Test(arguments: 0..<150 as Range<UInt64>)
    func `a random life is connect, every message and disconnect, in order, each to completion`(seed: UInt64)
        async throws
    {
        let life = Life(seed: seed)
        let script = ServerScript()
        script.serve(try life.application(script.journal), logging: .critical) {
            $0.consumers.mailbox = 400
        }
        let observer = await Socket.open(script, "/observe/")
        let client = await script.connect()
        try await Self.run(life, client, script)
        await script.advance(.seconds(120))

        let note = Comment(rawValue: "seed \(seed): \(life) \(script.lines)")
        #expect(life.violations(in: script.lines, place: .memory) == [], note)
        if life.ending != .serverStops {
            await observer.close(1000)
            await script.advance(.seconds(10))
        }
        let layer = try #require(try script.layers.layer() as? InMemoryChannelLayer)
        #expect(layer.groups.memberCount(of: "room") == 0, note)
        #expect(script.server.connectionCount == 0, note)
    }

    /// Plays the client.
    private static func run(_ life: Life, _ client: MemoryClient, _ script: ServerScript) async throws {
        for (bytes, wait) in try life.writes() {
            await client.send(bytes)
            await script.advance(wait)
        }
        switch life.ending {
        case .closes, .breaksProtocol: break
        case .closesAndLeaves, .leaves: await client.finish()
        case .resets: await client.abort()
        case .serverStops:
            let server: Server = script.server
            let stop = Task { await server.stop() }
            await script.until { server.isStopping }
            await script.advance(.seconds(30))
            await stop.value
        }
    }
}
