package import StraitCore
import StraitJSON
package import StraitLayers

/// The serialization format of messages in Redis: `serializer_format` of channels_redis. All processes that exchange
/// messages need the same one.
public enum RedisSerializer: String, Sendable, Hashable, CaseIterable {
    /// msgpack, the default as in channels_redis. It is smaller and faster than JSON, and supports bytes.
    case msgpack
    /// JSON, which is readable in Redis. It supports neither bytes nor numbers that are not finite.
    case json
}

extension RedisSerializer {
    /// Returns `message` as bytes.
    ///
    /// - Throws: ``LayerError/invalidMessage(_:)`` for values that the format does not support, and for a message over
    ///   `limits`, which receivers would reject.
    package func encode(
        _ message: LayerMessage, limits: MessageLimits = MessageLimits()
    ) throws(LayerError) -> Bytes {
        switch self {
        case .msgpack:
            do {
                return try MessagePackEncoder.encode(message, limits: limits)
            } catch {
                throw .invalidMessage(error.description)
            }
        case .json:
            var left = limits.values
            try Self.check(.object(message), depth: 0, left: &left, limits: limits)
            let text = try message.json()
            guard text.count <= limits.bytes else {
                throw .invalidMessage(
                    "The message is over the limit of \(limits.bytes) bytes as JSON. Send less at once.")
            }
            return text
        }
    }

    /// Returns the message that `bytes` encode.
    ///
    /// - Throws: ``MessagePackError`` or `JSONError`.
    package func decode(_ bytes: Bytes, limits: MessageLimits = MessageLimits()) throws -> LayerMessage {
        switch self {
        case .msgpack: try MessagePackDecoder.message(from: bytes, limits: limits)
        case .json: try LayerMessage(json: bytes, coder: JSONCoder(limits: limits.json))
        }
    }

    /// Checks that JSON supports `value` and that it is within `limits`. `left` is the number of values still allowed.
    private static func check(
        _ value: LayerValue, depth: Int, left: inout Int, limits: MessageLimits
    ) throws(LayerError) {
        func enter(_ count: Int) throws(LayerError) {
            guard depth < limits.depth else {
                throw .invalidMessage("The message is nested more than \(limits.depth) levels deep. Flatten it.")
            }
            guard count <= left else {
                throw .invalidMessage("The message has over \(limits.values) values in it. Send less at once.")
            }
            left -= count
        }
        switch value {
        case .bytes:
            throw .invalidMessage(
                "JSON cannot represent bytes. Send them as text, for example in base64, or give the layers of all "
                    + "sides the serializer msgpack.")
        case .array(let elements):
            try enter(elements.count)
            for element in elements { try check(element, depth: depth + 1, left: &left, limits: limits) }
        case .object(let object):
            try enter(object.count)
            for (_, value) in object.elements { try check(value, depth: depth + 1, left: &left, limits: limits) }
        default: break
        }
    }
}

/// The limits of a message, sent or received. All limits are below 2³², the maximum length in msgpack.
package struct MessageLimits: Sendable {
    /// The maximum size of the message as msgpack or JSON: 16 MiB.
    package var bytes = 16 << 20
    /// The maximum nesting of arrays and objects, including the message itself: 64.
    package var depth = 64
    /// The maximum number of values: array elements and values of keys. A null takes one byte in msgpack, but 40 in
    /// memory.
    package var values = 1 << 20

    package init() {}

    /// The limits for JSON. The outermost object counts as a value there, but not in the message.
    var json: JSONLimits {
        var json = JSONLimits()
        json.bytes = bytes
        json.depth = depth
        json.values = values + 1
        json.keys = values
        return json
    }
}
