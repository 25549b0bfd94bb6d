package import StraitCore

/// A value in a reply: every value type of RESP2 and RESP3.
///
/// The null forms of RESP2 (`$-1`, `*-1`) and RESP3 (`_`) are one case. Simple and bulk errors are one case too.
package enum RedisValue: Sendable, Hashable {
    case null
    /// A simple string, such as `OK`. Invalid UTF-8 was replaced with U+FFFD.
    case simple(String)
    /// A bulk string of any bytes.
    case bulk(Bytes)
    case integer(Int)
    case double(Double)
    case boolean(Bool)
    /// A whole number of any length, as decimal digits with a leading minus if it is negative.
    case bigNumber(String)
    /// A text and its format: `txt`, or `mkd` for Markdown.
    case verbatim(format: String, Bytes)
    /// An error. An array may contain errors, because each command of a transaction fails on its own.
    case error(RedisServerError)
    case array([RedisValue])
    case set([RedisValue])
    /// Keys and values in the order of the reply, including duplicate keys.
    case map([Pair])

    /// A key and its value in a map.
    package struct Pair: Sendable, Hashable {
        package let key: RedisValue
        package let value: RedisValue

        package init(_ key: RedisValue, _ value: RedisValue) {
            self.key = key
            self.value = value
        }
    }
}

extension RedisValue {
    /// The bytes of a bulk, verbatim or simple string, or nil for other types.
    package var bytes: Bytes? {
        switch self {
        case .bulk(let bytes), .verbatim(_, let bytes): bytes
        case .simple(let text): Bytes(text)
        default: nil
        }
    }

    /// The text of a string, or nil if the value is not a string or not UTF-8.
    package var string: String? {
        if case .simple(let text) = self { return text }
        return bytes.flatMap(String.init(utf8:))
    }

    /// The number, or nil for other types.
    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }

    /// The elements of an array or a set, or nil for other types.
    package var elements: [RedisValue]? {
        switch self {
        case .array(let elements), .set(let elements): elements
        default: nil
        }
    }
}

/// An error reply from Redis, such as `WRONGTYPE Operation against a key holding the wrong kind of value`.
package struct RedisServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole error text. Invalid UTF-8 was replaced with U+FFFD.
    package let message: String

    package init(_ message: String) { self.message = message }

    /// The first word, which is the kind of error: `ERR`, `WRONGTYPE`, `NOSCRIPT`.
    package var code: Substring { message.prefix { $0 != " " } }

    package var description: String { "Redis refused a command: \(message)" }
}

/// A complete message from the server.
package enum RedisArrival: Sendable, Hashable {
    /// The reply to the oldest command without one. With RESP2, messages of subscriptions are replies too.
    case reply(RedisValue)
    /// A push message (RESP3): its kind, such as `message`, and its values. Never empty.
    case push([RedisValue])
}
