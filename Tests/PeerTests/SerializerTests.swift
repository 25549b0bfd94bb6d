import Foundation
import StraitCore
import StraitLayers
import StraitRedis
import StraitTesting
import Testing

/// Compares serializers with those of channels_redis, which use Python's msgpack, json and cryptography.
@Suite struct SerializerTests {
    private static let keys = ["of Swift é", "of Python"]

    /// The encoding of one message.
    private struct Way {
        var serializer = RedisSerializer.msgpack
        var isEncrypted = false
        var hasPrefix = false

        var envelope: MessageEnvelope {
            var configuration = RedisLayerConfiguration(serializer: serializer)
            if isEncrypted { configuration.encryptionKeys = SerializerTests.keys }
            return configuration.envelope(hasPrefix: hasPrefix)
        }

        /// The encoding in the format of `serializers.py`.
        var text: String { "\(serializer.rawValue) \(isEncrypted ? 1 : 0) \(hasPrefix ? 12 : 0)" }
    }

    @Test(arguments: Seeds(3))
    func `channels_redis and Strait read each other's messages and map names to the same shards`(
        seed: UInt64
    ) async throws {
        var generator = SeededGenerator(seed: seed)
        let now = Int64(Date().timeIntervalSince1970)
        var lines: [String] = []
        var expected: [String] = []
        for _ in 0..<100 {
            let way = Way(
                serializer: Bool.random(using: &generator) ? .json : .msgpack,
                isEncrypted: Bool.random(using: &generator), hasPrefix: Bool.random(using: &generator))
            var message = Self.message(way.serializer, depth: 1, using: &generator)
            let destination = Self.destination(using: &generator)
            let payload = try way.envelope.encode(
                message, to: destination, stamp: way.envelope.stamp(at: now, using: &generator))
            lines.append("\(way.text) \(payload.hexadecimal)")
            message["__asgi_channel__"] =
                switch destination {
                case .queue: LayerValue?.none
                case .channel(let name): .string(name)
                case .channels(let names): .array(names.map(LayerValue.string))
                }
            expected.append("read " + valueText(.object(message)))
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("strait-payloads-\(UUID().uuidString)")
        try (lines.joined(separator: "\n") + "\n").write(to: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: path) }
        let output = try await Peer.python("python/serializers.py", path.path, "\(seed)")

        let answers = output.split(separator: "\n")
        #expect(answers.filter { $0.hasPrefix("read ") }.map(String.init) == expected, "seed \(seed)")
        let written = answers.filter { $0.hasPrefix("wrote ") }
        #expect(written.count == 100)
        for answer in written { try check(answer.split(separator: " "), now: now, seed: seed) }
        let shards = answers.filter { $0.hasPrefix("shard ") }.map { $0.split(separator: " ") }
        #expect(shards.count == 100)
        for shard in shards {
            let name = try #require(String(utf8: bytes(shard[1].dropFirst())))
            let count = try #require(Int(shard[2]))
            #expect(ShardHash.shard(of: name, among: count) == Int(shard[3]), "\(name.debugDescription) among \(count)")
        }
    }

    /// Checks that we read a payload of channels_redis as it does itself.
    private func check(_ answer: [Substring], now: Int64, seed: UInt64) throws {
        let serializer = try #require(RedisSerializer(rawValue: String(answer[1])))
        let way = Way(serializer: serializer, isEncrypted: answer[2] == "1", hasPrefix: answer[3] == "12")
        let received = try way.envelope.decode(bytes(answer[4]), now: now, timeToLive: 70)
        var message = received.message
        // Python distinguishes one name from a list of one. We do not.
        let destinations = received.destinations
        let isList = answer[5].hasSuffix("]}")
        let hasDestination = answer[5].contains(valueText("__asgi_channel__") + ":")
        if hasDestination {
            message["__asgi_channel__"] =
                isList ? .array(destinations.map(LayerValue.string)) : .string(try #require(destinations.first))
        }
        #expect(hasDestination || destinations.isEmpty)
        #expect(received.prefix.count == (way.hasPrefix ? 12 : 0))
        #expect(valueText(.object(message)) == answer[5], "seed \(seed)")
    }

    private static func destination(using generator: inout SeededGenerator) -> MessageDestination {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: .queue
        case 1: .channel("specific.a!b")
        case 2: .channels(["work"])
        default: .channels((0..<Int.random(in: 0...40, using: &generator)).map { "specific.a!\($0)" })
        }
    }

    private static func message(
        _ serializer: RedisSerializer, depth: Int, using generator: inout SeededGenerator
    ) -> LayerMessage {
        var message = LayerMessage()
        let count = generator.pick([0, 1, 3, 14, 15, 16])
        for _ in 0..<count {
            message[text(using: &generator)] = value(serializer, depth: depth, using: &generator)
        }
        return message
    }

    private static func value(
        _ serializer: RedisSerializer, depth: Int, using generator: inout SeededGenerator
    ) -> LayerValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &generator) {
        case 0: return generator.pick([nil, true, false] as [LayerValue])
        case 1, 2:
            let number = generator.next() >> UInt64.random(in: 0..<64, using: &generator)
            if number > UInt64(Int.max) { return .unsigned(number) }
            return .int(Bool.random(using: &generator) ? Int(number) : -Int(number) - 1)
        case 3:
            let number = Double(bitPattern: generator.next())
            return .double(number.isFinite ? number : 100)
        case 4 where serializer == .msgpack:
            let count = generator.pick([0, 1, 255, 256])
            return .bytes(Bytes((0..<count).map { UInt8(truncatingIfNeeded: $0) }))
        case 4, 5, 6: return .string(text(using: &generator))
        case 7:
            let count = generator.pick([0, 1, 15, 16, 20])
            return .array((0..<count).map { _ in value(serializer, depth: depth - 1, using: &generator) })
        default: return .object(message(serializer, depth: depth - 1, using: &generator))
        }
    }

    private static func text(using generator: inout SeededGenerator) -> String {
        let characters: [Character] = ["a", "é", "漢", "😀", "\0", "\n", "\"", "\\", "\u{7F}", "\u{2028}", "/"]
        let rare = Int.random(in: 0..<20, using: &generator) == 0 ? 300 : 2
        let count = generator.pick([0, 1, 3, 8, 31, 32, rare])
        return String((0..<count).map { _ in generator.pick(characters) })
    }
}
