import StraitCrypto
import StraitNetwork

/// A Lua script that Redis runs atomically. Redis caches it under its hash after the first run.
package struct RedisScript: Sendable {
    private let source: String
    private let hash: String

    package init(_ source: String) {
        self.source = source
        hash = Self.hash(source)
    }

    /// Returns the SHA-1 of a text as 40 hexadecimal digits.
    static func hash(_ text: String) -> String {
        SHA1.hash(Bytes(text).span).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }

    /// Returns the command that runs the cached script.
    package func command(keys: [String], _ arguments: [RedisArgument]) -> RedisCommand {
        RedisCommand("EVALSHA", [.string(hash), .integer(keys.count)] + keys.map(RedisArgument.string) + arguments)
    }

    /// Returns the command that runs the script from its source, for servers that replied `NOSCRIPT` to `command`.
    package func wholeCommand(for command: RedisCommand) -> RedisCommand {
        RedisCommand("EVAL", [.string(source)] + command.arguments.dropFirst())
    }
}
