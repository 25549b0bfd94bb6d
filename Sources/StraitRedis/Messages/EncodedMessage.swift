internal import StraitCore
import StraitJSON
internal import StraitLayers

/// A message that is serialized once for any number of destinations.
///
/// ``MessageEnvelope/seal(_:to:stamp:)`` adds the destination after the last key, and leaves the other bytes unchanged.
package struct EncodedMessage: Sendable {
    private let serializer: RedisSerializer
    /// The serialized keys and values of the map, without its start and end.
    private let entries: Bytes
    /// The number of keys in the map.
    private let count: Int

    /// Serializes `message`.
    ///
    /// - Throws: ``LayerError/invalidMessage(_:)``.
    init(_ message: LayerMessage, serializer: RedisSerializer, limits: MessageLimits) throws(LayerError) {
        let bytes = try serializer.encode(message, limits: limits)
        self.serializer = serializer
        count = message.count
        switch serializer {
        case .msgpack: entries = bytes.slice(MessagePackHead.sizeOfMap(count)..<bytes.count)
        case .json: entries = bytes.slice(1..<bytes.count - 1)
        }
    }

    /// Returns an upper estimate of the size with `destination`, in bytes.
    func capacity(for destination: MessageDestination) -> Int {
        let names =
            switch destination {
            case .queue: 0
            case .channel(let name): name.utf8.count + 4
            case .channels(let names): names.reduce(8) { $0 + $1.utf8.count + 4 }
            }
        return entries.count + names + 32
    }

    /// The bytes before and after the array of destination channels.
    var around: (front: Bytes, back: Bytes) {
        var front = ByteBuffer(capacity: entries.count + 32)
        switch serializer {
        case .msgpack:
            MessagePackHead.map(count + 1, to: &front)
            front.append(entries)
            Self.appendText(MessageEnvelope.destinationKey, to: &front)
            return (front.freeze(), Bytes())
        case .json:
            front.append(UInt8(ascii: "{"))
            front.append(entries)
            if count > 0 { front.append(UInt8(ascii: ",")) }
            front.append(json: MessageEnvelope.destinationKey)
            front.append(UInt8(ascii: ":"))
            return (front.freeze(), Bytes("}"))
        }
    }

    /// Appends the message with `destination` as its last key.
    func append(to output: inout ByteBuffer, for destination: MessageDestination) {
        switch serializer {
        case .msgpack: appendMessagePack(to: &output, for: destination)
        case .json: appendJSON(to: &output, for: destination)
        }
    }

    private func appendMessagePack(to output: inout ByteBuffer, for destination: MessageDestination) {
        MessagePackHead.map(destination == .queue ? count : count + 1, to: &output)
        output.append(entries)
        switch destination {
        case .queue: break
        case .channel(let name):
            Self.appendText(MessageEnvelope.destinationKey, to: &output)
            Self.appendText(name, to: &output)
        case .channels(let names):
            Self.appendText(MessageEnvelope.destinationKey, to: &output)
            MessagePackHead.array(names.count, to: &output)
            for name in names { Self.appendText(name, to: &output) }
        }
    }

    private static func appendText(_ text: String, to output: inout ByteBuffer) {
        MessagePackHead.text(text.utf8.count, to: &output)
        output.append(text)
    }

    private func appendJSON(to output: inout ByteBuffer, for destination: MessageDestination) {
        output.append(UInt8(ascii: "{"))
        output.append(entries)
        if destination != .queue {
            if count > 0 { output.append(UInt8(ascii: ",")) }
            output.append(json: MessageEnvelope.destinationKey)
            output.append(UInt8(ascii: ":"))
        }
        switch destination {
        case .queue: break
        case .channel(let name): output.append(json: name)
        case .channels(let names):
            output.append(UInt8(ascii: "["))
            for index in names.indices {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                output.append(json: names[index])
            }
            output.append(UInt8(ascii: "]"))
        }
        output.append(UInt8(ascii: "}"))
    }
}

/// The destination channels of a payload, which are part of the message.
package enum MessageDestination: Sendable, Hashable {
    /// The only channel of a queue, which the message does not name.
    case queue
    /// One channel of a process, as `send` writes it.
    case channel(String)
    /// Channels of a group that share a queue, as `group_send` writes them, even for one channel.
    case channels([String])
}

/// The random bytes and time that make a payload unique. Use a stamp for one payload only.
package struct PayloadStamp: Sendable {
    /// The payload's prefix. It must be different each time, but need not be secret.
    package let prefix: [12 of UInt8]
    /// The initialization vector of the encryption. It must be unpredictable.
    package let iv: [16 of UInt8]
    /// The payload's creation time, in seconds since 1970. Receivers can reject old payloads.
    package let time: Int64

    package init(prefix: [12 of UInt8], iv: [16 of UInt8], time: Int64) {
        self.prefix = prefix
        self.iv = iv
        self.time = time
    }
}
