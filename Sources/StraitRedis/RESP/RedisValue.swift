package import StraitNetwork

/// What Redis answers: every type of RESP2 and RESP3 that is a value.
///
/// The null forms of RESP2 (`$-1`, `*-1`) and RESP3 (`_`) are one case, and so are simple and bulk errors.
package enum RedisValue: Sendable, Hashable {
    case null
    /// A simple string, such as `OK`. What is not UTF-8 in it became U+FFFD.
    case simple(String)
    /// A bulk string: any bytes.
    case bulk(Bytes)
    case integer(Int)
    case double(Double)
    case boolean(Bool)
    /// A whole number of any length, as its digits, with a minus in front where it is negative.
    case bigNumber(String)
    /// A text and what it is written in: `txt`, or `mkd` for Markdown.
    case verbatim(format: String, Bytes)
    /// What a command failed with. It may stand inside of an array: each command of a transaction fails alone.
    case error(RedisServerError)
    case array([RedisValue])
    case set([RedisValue])
    /// Keys and values in the order in which they came, a key as often as it came.
    case map([Pair])

    /// A key of a map and its value.
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
    /// The bytes of a bulk, verbatim or simple string, or nil where it is something else.
    package var bytes: Bytes? {
        switch self {
        case .bulk(let bytes), .verbatim(_, let bytes): bytes
        case .simple(let text): Bytes(text)
        default: nil
        }
    }

    /// The text of a string, or nil where it is something else or not UTF-8.
    package var string: String? {
        if case .simple(let text) = self { return text }
        return bytes.flatMap(String.init(utf8:))
    }

    /// The number, or nil where it is something else.
    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }

    /// The elements of an array or a set, or nil where it is something else.
    package var elements: [RedisValue]? {
        switch self {
        case .array(let elements), .set(let elements): elements
        default: nil
        }
    }
}
