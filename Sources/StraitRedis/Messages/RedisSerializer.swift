import StraitJSON
package import StraitLayers
package import StraitNetwork

/// What messages are written as on their way through Redis: `serializer_format` of channels_redis. All processes that
/// talk to each other have to have the same.
public enum RedisSerializer: String, Sendable, Hashable, CaseIterable {
    /// The default, here as there. It is the smaller one and the quicker one, and knows bytes.
    case msgpack
    /// For reading along. A message with bytes in it cannot be sent, nor one with a number that is not finite.
    case json
}

extension RedisSerializer {
    /// `message` as bytes.
    ///
    /// - Throws: ``LayerError/invalidMessage(_:)`` for what the format does not have, or a message over `limits`, which
    ///   whoever receives it would refuse.
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

    /// The message that `bytes` are.
    ///
    /// - Throws: ``MessagePackError`` or `JSONError`.
    package func decode(_ bytes: Bytes, limits: MessageLimits = MessageLimits()) throws -> LayerMessage {
        switch self {
        case .msgpack: try MessagePackDecoder.message(from: bytes, limits: limits)
        case .json: try LayerMessage(json: bytes, coder: JSONCoder(limits: limits.json))
        }
    }

    /// That JSON can be made of `value` within `limits`, of which `left` values may still come.
    private static func check(
        _ value: LayerValue, depth: Int, left: inout Int, limits: MessageLimits
    ) throws(LayerError) {
        func enter(_ count: Int) throws(LayerError) {
            guard depth < limits.depth else {
                throw .invalidMessage("The message is nested over \(limits.depth) deep. Send it flatter.")
            }
            guard count <= left else {
                throw .invalidMessage("The message has over \(limits.values) values in it. Send less at once.")
            }
            left -= count
        }
        switch value {
        case .bytes:
            throw .invalidMessage(
                "JSON has no bytes. Send them as text, in base64 for instance, or give the layers of all sides the "
                    + "serializer msgpack.")
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
