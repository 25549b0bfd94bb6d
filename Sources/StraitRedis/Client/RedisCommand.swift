package import StraitCore

/// A Redis command: an array of bulk strings, which is the same in RESP2 and RESP3.
///
/// ```swift
/// RedisCommand("ZADD", ["asgi:group:chat", 1795194063, .bytes(member)]).append(to: &buffer)
/// ```
///
/// Arguments are sent with their lengths, so no bytes in an argument can change the command.
package struct RedisCommand: Sendable, Hashable {
    /// The command's name, such as `PING`, in upper or lower case.
    package let name: String
    package let arguments: [RedisArgument]

    package init(_ name: String, _ arguments: [RedisArgument] = []) {
        self.name = name
        self.arguments = arguments
    }

    /// Appends the encoded command to `buffer`.
    package func append(to buffer: inout ByteBuffer) {
        Self.append("*", arguments.count + 1, to: &buffer)
        Self.append(name, to: &buffer)
        for argument in arguments {
            switch argument {
            case .string(let text): Self.append(text, to: &buffer)
            case .integer(let number): Self.append(String(number), to: &buffer)
            case .bytes(let bytes):
                Self.append("$", bytes.count, to: &buffer)
                buffer.append(bytes)
                buffer.append("\r\n" as StaticString)
            }
        }
    }

    private static func append(_ text: String, to buffer: inout ByteBuffer) {
        append("$", text.utf8.count, to: &buffer)
        buffer.append(text)
        buffer.append("\r\n" as StaticString)
    }

    private static func append(_ type: StaticString, _ count: Int, to buffer: inout ByteBuffer) {
        buffer.append(type)
        buffer.append(String(count))
        buffer.append("\r\n" as StaticString)
    }
}

extension RedisCommand: CustomStringConvertible {
    /// The name and the number of arguments, suitable for logs. The arguments may be secrets.
    package var description: String { "\(name) with \(arguments.count) argument\(arguments.count == 1 ? "" : "s")" }
}

extension RedisCommand {
    /// The approximate size of the command in memory, in bytes. It is used to limit queues.
    package var cost: Int {
        arguments.reduce(64 + name.utf8.count) { sum, argument in
            switch argument {
            case .string(let text): sum + 16 + text.utf8.count
            case .bytes(let bytes): sum + 16 + bytes.count
            case .integer: sum + 16
            }
        }
    }
}

/// An argument of a Redis command. Every argument is sent as bytes.
package enum RedisArgument: Sendable, Hashable {
    /// A text, sent as UTF-8.
    case string(String)
    /// Raw bytes.
    case bytes(Bytes)
    /// A number, sent as decimal digits.
    case integer(Int)
}

extension RedisArgument: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension RedisArgument: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .integer(value) }
}

/// Redis' glob patterns.
enum RedisGlob {
    /// Returns the pattern that matches only `text`.
    static func escaped(_ text: String) -> String {
        var pattern = ""
        for character in text {
            if "*?[]^\\".contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern
    }
}

extension Duration {
    /// The duration in seconds as decimal text, for Redis commands and scripts.
    var secondsText: String {
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest == 0 { return String(whole) }
        let digits = String(rest)
        return "\(whole).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
    }
}
