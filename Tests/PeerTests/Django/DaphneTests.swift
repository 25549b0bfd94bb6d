import RedisServers
import StraitCore
import StraitLayers
import StraitTesting
import Testing

@testable import StraitRedis

/// Our server and Daphne with Django Channels, on one channel layer.
@Suite(.timeLimit(.minutes(20))) struct DaphneTests {
    private static let pairs = [
        LayerPair(number: 100), LayerPair(isPubSub: true, hosts: 4, isEncrypted: true, number: 101),
    ]

    @Test(arguments: pairs)
    func `clients of Daphne and Strait share rooms, and workers of either serve both`(pair: LayerPair) async throws {
        let setting = try await (["default": pair.setting()] as LayerMessage).json()
        let environment = ["CHANNEL_LAYERS": String(decoding: setting, as: UTF8.self)]
        let daphne = try Dialogue(
            Checkout.python, ["-B", Checkout.peer("django/serve.py")], environment: environment)
        var channels: [String] = []
        var worker: Dialogue?
        if !pair.isPubSub {
            channels = ["strait-jobs", "jobs"]
            worker = try Dialogue(
                Checkout.python, ["-B", Checkout.peer("django/work.py"), "jobs"], environment: environment)
        }
        let layers: ChannelLayers = try await ["default": pair.layer()]
        let port = try #require(
            try await daphne.line { $0.hasPrefix("listening ") }.split(separator: " ").last)
        _ = try await worker?.line { $0.hasPrefix("working ") }
        try await LiveServer.run(SharedSite.application(), services: layers) { server in
            _ = try await Peer.run(
                Checkout.python,
                ["-B", Checkout.peer("django/together.py"), "127.0.0.1:\(port)", "127.0.0.1:\(server.port ?? 0)"]
                    + channels)
        }
        daphne.end()
        worker?.end()
    }
}
