package import StraitCore
package import StraitCrypto
package import StraitLayers

/// The format of messages in Redis, byte for byte as in channels_redis.
///
/// A payload is a serialized message with its destination channels under ``destinationKey``. It is encrypted if there
/// are keys. A prefix makes each payload unique.
///
/// ```swift
/// let encoded = try envelope.encode(message)  // once
/// for (queue, names) in members {
///     let payload = try envelope.seal(encoded, to: .channels(names), stamp: envelope.stamp(at: now, using: &random))
///     // …
/// }
/// ```
package struct MessageEnvelope: Sendable {
    /// The key for a message's destination channels. A message to be sent must not contain it.
    package static let destinationKey = "__asgi_channel__"
    /// The length of the prefix in bytes: channels_redis' `random_prefix_length`.
    package static let prefixLength = 12
    /// The maximum number of channels in one payload. More channels take several payloads.
    package static let mostDestinations = 1 << 16

    package let serializer: RedisSerializer
    /// The keys from `symmetric_encryption_keys`, or nil without encryption.
    package let keys: FernetKeys?
    /// Whether payloads begin with a prefix. They do in `channels_redis.core`, whose queues store equal payloads only
    /// once, but not in `channels_redis.pubsub`.
    package let hasPrefix: Bool
    /// The limits of a message, without its destinations.
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

    /// Returns the stamp for a payload that is created at `time`, in seconds since 1970.
    ///
    /// It takes only the random bytes that this envelope needs. If there are keys, `generator` must be the system's.
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

    /// Returns `message` serialized once for all its destinations.
    ///
    /// - Throws: ``LayerError/invalidMessage(_:)`` if the message contains ``destinationKey``, exceeds the limits, or
    ///   has a value that the serializer does not support.
    package func encode(_ message: LayerMessage) throws(LayerError) -> EncodedMessage {
        guard message[Self.destinationKey] == nil else {
            throw .invalidMessage(
                "A message may not have the key \(Self.destinationKey): the layer stores the destination channels "
                    + "there. Use another key.")
        }
        return try EncodedMessage(message, serializer: serializer, limits: limits)
    }

    /// Returns the payload for one destination.
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

    /// Encodes `message` and returns its payload for one destination.
    ///
    /// - Throws: As ``encode(_:)`` and ``seal(_:to:stamp:)``.
    package func encode(
        _ message: LayerMessage, to destination: MessageDestination, stamp: PayloadStamp
    ) throws(LayerError) -> Bytes {
        try seal(encode(message), to: destination, stamp: stamp)
    }

    /// Returns the message in `payload`.
    ///
    /// - Parameters:
    ///   - now: The current time, in seconds since 1970.
    ///   - timeToLive: The maximum age of an encrypted payload, in seconds. channels_redis' core uses its `expiry` plus
    ///     ten seconds.
    /// - Throws: ``MessageEnvelopeError``. Only this message is lost.
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
        // Destination channels count in addition to the message: names of up to 99 bytes, with their headers.
        limits.bytes += Self.mostDestinations * 104
        limits.values += Self.mostDestinations + 1
        do {
            return try serializer.decode(content, limits: limits)
        } catch {
            if keys == nil, Self.isToken(content) { throw .encrypted }
            throw .unreadable("\(error)")
        }
    }

    /// Whether `content` begins like a Fernet token: version 0x80, and a time before the year 2242.
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

/// The reason that a received payload is not a valid message.
package enum MessageEnvelopeError: Error, Hashable, Sendable {
    /// The payload is shorter than the prefix: it has this many bytes.
    case tooShort(Int)
    /// The payload cannot be decrypted, or is too old.
    case encryption(FernetError)
    /// The payload is encrypted, but there are no keys.
    case encrypted
    /// The serializer cannot read the payload, for the given reason.
    case unreadable(String)
    /// The destination is neither a string nor a list of strings.
    case destination
}

extension MessageEnvelopeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooShort(let count):
            "A message from Redis has \(count) bytes, less than the prefix of \(MessageEnvelope.prefixLength) that "
                + "channels_redis.core writes. Give all sides the same BACKEND and random_prefix_length, and each "
                + "backend a different prefix setting."
        case .encryption(.malformed):
            "A message from Redis is not encrypted, but there are keys to decrypt it with. \(Self.sameKeys)"
        case .encryption(.unknownKey):
            "A message from Redis is encrypted with another key, or was changed in transit. \(Self.sameKeys)"
        case .encryption(.expired(let seconds, let allowed)):
            "A message from Redis was encrypted \(seconds) seconds ago; the limit is \(allowed). Receive faster, "
                + "raise the expiry on all sides, or compare their clocks."
        case .encryption(.future(let seconds)):
            "A message from Redis was encrypted \(seconds) seconds in the future. Compare the clocks of all sides."
        case .encrypted: "A message from Redis is encrypted, but there are no keys. \(Self.sameKeys)"
        case .unreadable(let reason):
            "A message from Redis cannot be read. Give all sides the same BACKEND, serializer_format and "
                + "symmetric_encryption_keys. \(reason)"
        case .destination:
            "A message from Redis has an invalid \(MessageEnvelope.destinationKey): expected a channel name or a list "
                + "of names. Check whether another program writes to these Redis keys."
        }
    }

    private static let sameKeys = "Give all sides the same symmetric_encryption_keys."
}

/// The content of a received payload.
package struct ReceivedMessage: Sendable, Hashable {
    /// The payload's prefix, or empty if the envelope has none.
    package let prefix: Bytes
    /// The message without its destination.
    package let message: LayerMessage
    /// The destination channels, or empty if the queue has only one channel.
    package let destinations: [String]
}
