import StraitCrypto
import StraitNetwork

/// A Lua script that Redis runs as one step, and by whose hash it knows it from the first time on.
package struct RedisScript: Sendable {
    private let source: String
    private let hash: String

    package init(_ source: String) {
        self.source = source
        hash = Self.hash(source)
    }

    /// The SHA-1 of a text in 40 hexadecimal digits.
    static func hash(_ text: String) -> String {
        SHA1.hash(Bytes(text).span).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }

    /// The script run with `keys` and `arguments`.
    package func command(keys: [String], _ arguments: [RedisArgument]) -> RedisCommand {
        RedisCommand("EVALSHA", [.string(hash), .integer(keys.count)] + keys.map(RedisArgument.string) + arguments)
    }

    /// The same where the server says that it does not know the script (`NOSCRIPT`).
    package func wholeCommand(for command: RedisCommand) -> RedisCommand {
        RedisCommand("EVAL", [.string(source)] + command.arguments.dropFirst())
    }
}
