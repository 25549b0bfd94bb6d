package import StraitNetwork

/// A command and its arguments, as Redis reads them: an array of bulk strings, the same in RESP2 and RESP3.
///
/// ```swift
/// RedisCommand("ZADD", ["asgi:group:chat", 1795194063, .bytes(member)]).append(to: &buffer)
/// ```
///
/// No argument is ever taken for another, whatever bytes it has: each is sent with its length.
package struct RedisCommand: Sendable, Hashable {
    /// `PING`, in either case.
    package let name: String
    package let arguments: [RedisArgument]

    package init(_ name: String, _ arguments: [RedisArgument] = []) {
        self.name = name
        self.arguments = arguments
    }

    /// Appends the command to what goes out.
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
    /// The name and how many arguments there are, not what they say: they may be secrets, and this goes to logs.
    package var description: String { "\(name) with \(arguments.count) argument\(arguments.count == 1 ? "" : "s")" }
}

extension RedisCommand {
    /// About how many bytes the command takes, by which queues are bounded.
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
