package import StraitCrypto
package import StraitLayers
package import StraitNetwork

/// How messages travel through Redis, byte for byte as with channels_redis: serialised, with the channels that they are
/// for under ``destinationKey``, encrypted where there are keys, behind a prefix that makes each payload unlike any
/// other.
///
/// ```swift
/// let encoded = try envelope.encode(message)  // once
/// for (queue, names) in members {
///     let payload = try envelope.seal(encoded, to: .channels(names), stamp: envelope.stamp(at: now, using: &random))
///     // …
/// }
/// ```
package struct MessageEnvelope: Sendable {
    /// The key of a message that says which channels it is for. No message that is sent may have it.
    package static let destinationKey = "__asgi_channel__"
    /// Bytes of the prefix: channels_redis' `random_prefix_length`.
    package static let prefixLength = 12
    /// How many channels one payload may name; what is for more goes in several.
    package static let mostDestinations = 1 << 16

    package let serializer: RedisSerializer
    /// `symmetric_encryption_keys`; nil where nothing is encrypted.
    package let keys: FernetKeys?
    /// Whether a payload begins with a prefix: it does in `channels_redis.core`, whose queues hold equal payloads only
    /// once, and not in `channels_redis.pubsub`.
    package let hasPrefix: Bool
    /// What a message may be at most, before its destinations are added.
    package let limits: MessageLimits

    package init(
        serializer: RedisSerializer = .msgpack, keys: FernetKeys? = nil, hasPrefix: Bool,
        limits: MessageLimits = MessageLimits()
    ) {
        self.serializer = serializer
        self.keys = keys
        self.hasPrefix = hasPrefix
        self.limits = limits
    }

    /// The stamp for a payload that is made at `time`, in seconds since 1970. Only what this envelope needs is drawn
    /// from `generator`, which has to be the system's where there are keys.
    package func stamp(at time: Int64, using generator: inout some RandomNumberGenerator) -> PayloadStamp {
        var prefix = [12 of UInt8](repeating: 0)
        var iv = [16 of UInt8](repeating: 0)
        if hasPrefix {
            let words = (generator.next() as UInt64, generator.next() as UInt64)
            for index in 0..<8 { prefix[index] = UInt8(truncatingIfNeeded: words.0 >> UInt64(8 * index)) }
            for index in 0..<4 { prefix[8 + index] = UInt8(truncatingIfNeeded: words.1 >> UInt64(8 * index)) }
        }
        if keys != nil {
            let words = (generator.next() as UInt64, generator.next() as UInt64)
            for index in 0..<8 {
                iv[index] = UInt8(truncatingIfNeeded: words.0 >> UInt64(8 * index))
                iv[8 + index] = UInt8(truncatingIfNeeded: words.1 >> UInt64(8 * index))
            }
        }
        return PayloadStamp(prefix: prefix, iv: iv, time: time)
    }

    /// `message`, serialised once for all its destinations.
    ///
    /// - Throws: ``LayerError/invalidMessage(_:)`` for a message with ``destinationKey`` in it, over the limits, or
    ///   with what the serializer does not have.
    package func encode(_ message: LayerMessage) throws(LayerError) -> EncodedMessage {
        guard message[Self.destinationKey] == nil else {
            throw .invalidMessage(
                "A message may not have the key \(Self.destinationKey): the layer writes there which channels it is for. "
                    + "Send it under another key.")
        }
        return try EncodedMessage(message, serializer: serializer, limits: limits)
    }

    /// The payload that takes `message` to `destination`.
    ///
    /// - Throws: ``LayerError/invalidMessage(_:)`` for more than ``mostDestinations``.
    /// - Precondition: `message` was encoded with this envelope.
    package func seal(
        _ message: EncodedMessage, to destination: MessageDestination, stamp: PayloadStamp
    ) throws(LayerError) -> Bytes {
        if case .channels(let names) = destination, names.count > Self.mostDestinations {
            throw .invalidMessage(
                "A payload may name \(Self.mostDestinations) channels at most. Send it in several payloads.")
        }
        var output = ByteBuffer(
            capacity: message.capacity(for: destination) + (hasPrefix ? Self.prefixLength : 0))
        if hasPrefix, keys == nil { output.append(stamp.prefix.span) }
        message.append(to: &output, for: destination)
        guard let keys else { return output.freeze() }
        let token = keys.encrypt(output.span, at: stamp.time, iv: stamp.iv.span)
        guard hasPrefix else { return token }
        var payload = ByteBuffer(capacity: Self.prefixLength + token.count)
        payload.append(stamp.prefix.span)
        payload.append(token)
        return payload.freeze()
    }

    /// The payload that takes `message` to one destination.
    ///
    /// - Throws: As ``encode(_:)`` and ``seal(_:to:stamp:)``.
    package func encode(
        _ message: LayerMessage, to destination: MessageDestination, stamp: PayloadStamp
    ) throws(LayerError) -> Bytes {
        try seal(encode(message), to: destination, stamp: stamp)
    }

    /// What was sent as `payload`. `timeToLive` is for how many seconds after its encryption it is taken, where it is
    /// encrypted; `now` is in seconds since 1970. channels_redis' core gives its `expiry` and ten seconds more.
    ///
    /// - Throws: ``MessageEnvelopeError``; the message is lost then, and nothing else.
    package func decode(
        _ payload: Bytes, now: Int64, timeToLive: Int? = nil
    ) throws(MessageEnvelopeError) -> ReceivedMessage {
        let length = hasPrefix ? Self.prefixLength : 0
        guard payload.count >= length else { throw .tooShort(payload.count) }
        let prefix = payload.slice(0..<length)
        var content = payload.slice(length..<payload.count)
        if let keys {
            do {
                content = try keys.decrypt(content.span, now: now, timeToLive: timeToLive)
            } catch {
                throw .encryption(error)
            }
        }
        var message = try read(content)
        let names = message[Self.destinationKey]
        message[Self.destinationKey] = nil
        return ReceivedMessage(prefix: prefix, message: message, destinations: try Self.destinations(names))
    }

    private func read(_ content: Bytes) throws(MessageEnvelopeError) -> LayerMessage {
        var limits = limits
        // Beside the message, the channels that it is for: names of 99 bytes with what surrounds them.
        limits.bytes += Self.mostDestinations * 104
        limits.values += Self.mostDestinations + 1
        do {
            return try serializer.decode(content, limits: limits)
        } catch {
            if keys == nil, Self.isToken(content) { throw .encrypted }
            throw .unreadable("\(error)")
        }
    }

    /// Whether `content` begins as what Fernet makes does: a version of 0x80, and a time before the year 2242.
    private static func isToken(_ content: Bytes) -> Bool {
        content.starts(with: "gAAAAA".utf8)
    }

    private static func destinations(_ value: LayerValue?) throws(MessageEnvelopeError) -> [String] {
        switch value {
        case nil: return []
        case .string(let name): return [name]
        case .array(let names):
            var destinations: [String] = []
            destinations.reserveCapacity(names.count)
            for name in names {
                guard let name = name.string else { throw .destination }
                destinations.append(name)
            }
            return destinations
        default: throw .destination
        }
    }
}
