import StraitCore
import StraitCrypto
import StraitLayers
import StraitRedis
import StraitTesting
import Testing

@Suite struct `Message envelopes` {
    static let first = "specific.d60c6f839db44a7c811197f90f66cd4c!d4679c05a34347248156a7d016ef95bd"
    static let second = "specific.d60c6f839db44a7c811197f90f66cd4c!04643fabac4c4a09b233b14c43edfb90"
    static let message: LayerMessage = ["type": "chat.message", "text": "hé"]
    static let prefix = "f0f1f2f3f4f5f6f7f8f9fafb"
    /// The keys and values of the message as msgpack.
    static let entries = "a474797065ac636861742e6d657373616765a474657874a368c3a9"
    static let keys = FernetKeys([FernetKey(derivedFrom: "a-test-key")])

    private let core = MessageEnvelope(hasPrefix: true)
    private let json = MessageEnvelope(serializer: .json, hasPrefix: false)

    private func name(_ text: String) -> String { text.utf8.map { String($0, radix: 16) }.joined() }

    @Test func `payloads are byte for byte those of channels_redis`() throws {
        let key = "b05f5f617367695f6368616e6e656c5f5f"
        #expect(
            try core.encode(Self.message, to: .queue, stamp: stamp()) == hex(Self.prefix + "82" + Self.entries))
        #expect(
            try core.encode(Self.message, to: .channel(Self.first), stamp: stamp())
                == hex(Self.prefix + "83" + Self.entries + key + "d94a" + name(Self.first)))
        #expect(
            try core.encode(Self.message, to: .channels([Self.first, Self.second]), stamp: stamp())
                == hex(
                    Self.prefix + "83" + Self.entries + key + "92d94a" + name(Self.first) + "d94a" + name(Self.second)))
        let plain = MessageEnvelope(hasPrefix: false)
        #expect(try plain.encode(Self.message, to: .queue, stamp: stamp()) == hex("82" + Self.entries))
    }

    @Test func `the destination is the last key in JSON, too`() throws {
        #expect(
            try json.encode(Self.message, to: .queue, stamp: stamp())
                == "{\"type\":\"chat.message\",\"text\":\"hé\"}")
        #expect(
            try json.encode(Self.message, to: .channel("a!b"), stamp: stamp())
                == "{\"type\":\"chat.message\",\"text\":\"hé\",\"__asgi_channel__\":\"a!b\"}")
        #expect(
            try json.encode([:], to: .channels(["a", "b"]), stamp: stamp()) == "{\"__asgi_channel__\":[\"a\",\"b\"]}")
        #expect(try json.encode([:], to: .queue, stamp: stamp()) == "{}")
        #expect(try json.encode([:], to: .channels([]), stamp: stamp()) == "{\"__asgi_channel__\":[]}")
    }

    @Test func `encrypted payloads match channels_redis, with an unencrypted prefix`() throws {
        let envelope = MessageEnvelope(keys: Self.keys, hasPrefix: true)
        let payload = try envelope.encode(["type": "t.m"], to: .queue, stamp: stamp())
        let token =
            "gAAAAABlU_EAAAECAwQFBgcICQoLDA0OD6iLiYK7GbYUSAxGTkLV0rJClrvTizRSFCNz4GCovnI27iu8sNGXlTNppomgDKMrrg=="
        #expect(payload == Bytes(Array(hex(Self.prefix)) + Array(token.utf8)))
        let received = try envelope.decode(payload, now: 1_700_000_070, timeToLive: 70)
        #expect(received.message == ["type": "t.m"])
        #expect(received.prefix == hex(Self.prefix))
    }

    @Test func `a message with the reserved key __asgi_channel__ is rejected`() {
        let error = #expect(throws: LayerError.self) { try core.encode(["__asgi_channel__": "a"]) }
        #expect(error.map { "\($0)".contains("A message may not have the key __asgi_channel__") } == true)
    }

    @Test func `the map header fits the number of keys, with and without a destination`() throws {
        for count in [0, 1, 14, 15, 16, 65_535] {
            let message = LayerMessage(many: (0..<count).map { ("\($0)", .int($0)) })
            let encoded = try core.encode(message)
            for destination in [MessageDestination.queue, .channel("a"), .channels(["a", "b"])] {
                let payload = try core.seal(encoded, to: destination, stamp: stamp())
                let received = try core.decode(payload, now: 0)
                #expect(received.message.elements.map(\.key) == message.elements.map(\.key), "\(count)")
                switch destination {
                case .queue: #expect(received.destinations == [])
                case .channel(let name): #expect(received.destinations == [name])
                case .channels(let names): #expect(received.destinations == names)
                }
            }
        }
    }

    @Test(arguments: Seeds(10), [RedisSerializer.msgpack, .json])
    func `a message round-trips through every envelope and destination`(
        seed: UInt64, serializer: RedisSerializer
    ) throws {
        var generator = SeededGenerator(seed: seed)
        for keys in [nil, Self.keys] {
            for hasPrefix in [false, true] {
                let envelope = MessageEnvelope(serializer: serializer, keys: keys, hasPrefix: hasPrefix)
                var message = randomMessage(depth: 1, using: &generator)
                if serializer == .json { message = withoutBytes(message) }
                let encoded = try envelope.encode(message)
                let names = (0..<Int.random(in: 0...40, using: &generator)).map { "specific.a!\($0)\"\\é" }
                for destination in [MessageDestination.queue, .channel(Self.first), .channels(names)] {
                    let stamp = envelope.stamp(at: 1000, using: &generator)
                    let payload = try envelope.seal(encoded, to: destination, stamp: stamp)
                    let received = try envelope.decode(payload, now: 1000, timeToLive: 0)
                    #expect(received.message == message, "seed \(seed)")
                    #expect(received.prefix == (hasPrefix ? Bytes(stamp.prefix.span) : Bytes()))
                    let expected: [String] =
                        switch destination {
                        case .queue: []
                        case .channel(let name): [name]
                        case .channels(let names): names
                        }
                    #expect(received.destinations == expected, "seed \(seed)")
                }
            }
        }
    }

    @Test(arguments: Seeds(20))
    func `corrupt payloads are either decoded or rejected`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for keys in [nil, Self.keys] {
            for serializer in RedisSerializer.allCases {
                let envelope = MessageEnvelope(
                    serializer: serializer, keys: keys, hasPrefix: Bool.random(using: &generator))
                let whole = try envelope.encode(Self.message, to: .channels(["a", "b"]), stamp: stamp())
                for _ in 0..<200 {
                    var bytes = Array(whole)
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                    if Bool.random(using: &generator) {
                        bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
                    }
                    _ = try? envelope.decode(Bytes(bytes), now: 0, timeToLive: 5)
                }
            }
        }
    }

    private func refusal(_ envelope: MessageEnvelope, _ payload: Bytes, now: Int64 = 1_700_000_000) -> String {
        do throws(MessageEnvelopeError) {
            _ = try envelope.decode(payload, now: now, timeToLive: 70)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `an unreadable payload is rejected with the correction`() throws {
        let encrypted = MessageEnvelope(keys: Self.keys, hasPrefix: true)
        let other = MessageEnvelope(keys: FernetKeys([FernetKey(derivedFrom: "other")]), hasPrefix: true)
        let plain = try core.encode(Self.message, to: .queue, stamp: stamp())
        let token = try encrypted.encode(Self.message, to: .queue, stamp: stamp())
        let sameKeys = "Give all sides the same symmetric_encryption_keys."
        #expect(
            refusal(core, "12345678901")
                == """
                A message from Redis has 11 bytes, less than the prefix of 12 that channels_redis.core writes. Give \
                all sides the same BACKEND and random_prefix_length, and each backend a different prefix setting.
                """
        )
        #expect(
            refusal(encrypted, plain)
                == "A message from Redis is not encrypted, but there are keys to decrypt it with. " + sameKeys)
        #expect(
            refusal(other, token)
                == "A message from Redis is encrypted with another key, or was changed in transit. " + sameKeys)
        #expect(refusal(core, token) == "A message from Redis is encrypted, but there are no keys. " + sameKeys)
        #expect(
            refusal(encrypted, token, now: 1_700_000_071)
                == """
                A message from Redis was encrypted 71 seconds ago; the limit is 70. Receive faster, raise the expiry \
                on all sides, or compare their clocks.
                """)
        #expect(refusal(encrypted, token, now: 0).hasSuffix("in the future. Compare the clocks of all sides."))
        #expect(
            refusal(json, hex("82" + Self.entries)).hasPrefix(
                "A message from Redis cannot be read. Give all sides the same BACKEND, serializer_format and "
                    + "symmetric_encryption_keys. Invalid JSON at offset 0: the bytes are not UTF-8."))
        #expect(refusal(core, Bytes(repeatElement(0, count: 12))).contains("The msgpack ends within a value."))
        #expect(refusal(core, Bytes()).hasPrefix("A message from Redis has 0 bytes"))
        for text in ["{\"__asgi_channel__\":5}", "{\"__asgi_channel__\":[\"a\",null]}", "{\"__asgi_channel__\":null}"] {
            #expect(
                refusal(json, Bytes(text)).hasPrefix(
                    "A message from Redis has an invalid __asgi_channel__: expected a channel name or a list"))
        }
    }

    @Test func `a value that the serializer cannot represent is rejected with an alternative`() {
        func sendingRefusal(_ envelope: MessageEnvelope, _ message: LayerMessage) -> String {
            do throws(LayerError) {
                _ = try envelope.encode(message)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(
            sendingRefusal(json, ["a": [["b": .bytes([1])]]])
                == "JSON cannot represent bytes. Send them as text, for example in base64, or give the layers of all "
                + "sides the serializer msgpack.")
        #expect(sendingRefusal(json, ["a": .double(.nan)]).hasPrefix("JSON cannot represent nan."))
        var limits = MessageLimits()
        limits.bytes = 30
        limits.depth = 2
        limits.values = 3
        for serializer in RedisSerializer.allCases {
            let envelope = MessageEnvelope(serializer: serializer, hasPrefix: false, limits: limits)
            #expect(
                sendingRefusal(envelope, ["a": [[]]]) == "The message is nested more than 2 levels deep. Flatten it.")
            #expect(sendingRefusal(envelope, ["a": [1, 2, 3]]).hasPrefix("The message has over 3 values in it."))
            #expect(
                sendingRefusal(envelope, ["a": .string(String(repeating: "a", count: 30))]).hasPrefix(
                    "The message is over the limit of 30 bytes"))
            #expect(sendingRefusal(envelope, ["a": [1, 2]]) == "")
        }
    }

    @Test func `the largest message is received with the maximum number of channels`() throws {
        for serializer in RedisSerializer.allCases {
            var limits = MessageLimits()
            limits.bytes = 1000
            limits.values = 2
            let envelope = MessageEnvelope(serializer: serializer, hasPrefix: false, limits: limits)
            let text = String(repeating: "a", count: serializer == .json ? 986 : 991)
            let encoded = try envelope.encode(["a": .string(text), "b": 1])
            let names = Array(
                repeating: String(repeating: "n", count: LayerName.longest), count: MessageEnvelope.mostDestinations)
            let payload = try envelope.seal(encoded, to: .channels(names), stamp: stamp())
            #expect(try envelope.decode(payload, now: 0).destinations == names)
            let error = #expect(throws: LayerError.self) {
                try envelope.seal(encoded, to: .channels(names + ["n"]), stamp: stamp())
            }
            #expect(error.map { "\($0)".hasSuffix("Send it in several payloads.") } == true)
        }
    }

    @Test func `random bytes are drawn only for a prefix or encryption, and differ each time`() throws {
        var generator = SeededGenerator(seed: 1)
        var untouched = SeededGenerator(seed: 1)
        let stamp = MessageEnvelope(hasPrefix: false).stamp(at: 5, using: &generator)
        #expect(Bytes(stamp.prefix.span) == Bytes(repeatElement(0, count: 12)) && stamp.time == 5)
        #expect(generator.next() == untouched.next())
        let envelope = MessageEnvelope(keys: Self.keys, hasPrefix: true)
        let stamps = (0..<2).map { _ in envelope.stamp(at: 5, using: &generator) }
        #expect(Bytes(stamps[0].prefix.span) != Bytes(stamps[1].prefix.span))
        #expect(Bytes(stamps[0].iv.span) != Bytes(stamps[1].iv.span))
    }
}
