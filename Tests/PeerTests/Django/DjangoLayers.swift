import RedisServers
import StraitCore
import StraitLayers
import Synchronization

@testable import StraitRedis

/// channels_redis layer objects in one process, controlled by lines of JSON: `Tests/Peers/django/layer.py`.
final class DjangoLayers: Sendable {
    private let dialogue: Dialogue
    private let last = Mutex(0)

    /// Creates a layer object for each entry of `layers`, in the format of `CHANNEL_LAYERS`.
    init(_ layers: [LayerValue]) async throws {
        let text = try (["layers": .array(layers)] as LayerMessage).json()
        let list = String(decoding: text, as: UTF8.self).dropFirst(#"{"layers":"#.count).dropLast()
        dialogue = try Dialogue(Checkout.python, ["-B", Checkout.peer("django/layer.py"), String(list)])
        _ = try await dialogue.line { $0.hasPrefix(#"{"ready""#) }
    }

    /// Performs `operation` on the layer with the number `layer`.
    ///
    /// - Throws: ``PeerError`` with the exception that the layer raised.
    @discardableResult
    func perform(_ operation: String, _ layer: Int, _ fields: LayerMessage) async throws -> LayerValue {
        let number = last.withLock { last in
            last += 1
            return last
        }
        var command = fields
        command["id"] = .int(number)
        command["op"] = .string(operation)
        command["layer"] = .int(layer)
        try dialogue.say(String(decoding: try command.json(), as: UTF8.self))
        let line = try await dialogue.line { $0.hasPrefix("{\"id\": \(number), ") }
        let answer = try LayerMessage(json: Bytes(line))
        if let error = answer["error"]?.string { throw PeerError("\(error): \(answer["text"]?.string ?? "")") }
        return answer["result"] ?? .null
    }

    func newChannel(_ layer: Int) async throws -> String {
        try await perform("new_channel", layer, [:]).string ?? ""
    }

    func send(_ layer: Int, _ channel: String, _ message: LayerMessage) async throws {
        try await perform("send", layer, ["channel": .string(channel), "message": .object(message)])
    }

    func receive(_ layer: Int, _ channel: String) async throws -> LayerValue {
        try await perform("receive", layer, ["channel": .string(channel), "timeout": 20])
    }

    func groupAdd(_ layer: Int, _ group: String, _ channel: String) async throws {
        try await perform("group_add", layer, ["group": .string(group), "channel": .string(channel)])
    }

    func groupDiscard(_ layer: Int, _ group: String, _ channel: String) async throws {
        try await perform("group_discard", layer, ["group": .string(group), "channel": .string(channel)])
    }

    func groupSend(_ layer: Int, _ group: String, _ message: LayerMessage) async throws {
        try await perform("group_send", layer, ["group": .string(group), "message": .object(message)])
    }
}
