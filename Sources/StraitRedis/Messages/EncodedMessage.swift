import StraitJSON
internal import StraitLayers
internal import StraitNetwork

/// A message that is serialised once, to be sent to any number of destinations: ``MessageEnvelope/seal(_:to:stamp:)``
/// puts the destination behind the last key, and touches nothing else of it.
package struct EncodedMessage: Sendable {
    private let serializer: RedisSerializer
    /// What is between the beginning of the map and its end: keys and values, in the form of the serializer.
    private let entries: Bytes
    /// How many keys the map has.
    private let count: Int

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

    /// About how many bytes the message takes for `destination`: enough of them.
    func capacity(for destination: MessageDestination) -> Int {
        let names =
            switch destination {
            case .queue: 0
            case .channel(let name): name.utf8.count + 4
            case .channels(let names): names.reduce(8) { $0 + $1.utf8.count + 4 }
            }
        return entries.count + names + 32
    }

    /// What is in front of the channels that the message is for, and what is behind them, where they are written as an
    /// array.
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
